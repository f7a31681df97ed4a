//! Durations as people write them in menus, profiles and dialogues.

use std::time::Duration;

/// `500ms`, `3s`, `10m`, `24h`, `2d`: a whole number and a unit, with nothing between. What is too long or too short is for
/// whoever asks to say.
pub fn duration(text: &str) -> Option<Duration> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (count, unit) = text.split_at_checked(digits)?;
    let count: u32 = count.parse().ok()?;
    let milliseconds: u64 = match unit {
        "ms" => 1,
        "s" => 1000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return None,
    };
    Some(Duration::from_millis(u64::from(count) * milliseconds))
}

/// The same in the largest unit of which it is a whole number; what is below a millisecond is left out.
pub fn in_units(time: Duration) -> String {
    let milliseconds = time.as_millis();
    let units = [(86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1000, "s")];
    let whole = units.into_iter().find(|(unit, _)| milliseconds > 0 && milliseconds.is_multiple_of(*unit));
    let (unit, name) = whole.unwrap_or((1, "ms"));
    format!("{}{name}", milliseconds / unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_a_unit() {
        for (text, milliseconds) in [("500ms", 500), ("0s", 0), ("3m", 180_000), ("1h", 3_600_000), ("2d", 172_800_000)]
        {
            assert_eq!(duration(text), Some(Duration::from_millis(milliseconds)), "{text}");
        }
        for text in ["500ms", "0ms", "90s", "3m", "1h", "2d", "4294967295m"] {
            assert_eq!(duration(text).map(in_units).as_deref(), Some(text));
        }
        for wrong in ["", "3", "s", "3 s", "-3s", "+3s", "3.5s", "3S", "३s", "3sm", "4294967296s"] {
            assert_eq!(duration(wrong), None, "{wrong}");
        }
    }
}
