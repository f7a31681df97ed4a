//! When a gateway says that something was: dates in all the shapes that are known.

use chrono::{DateTime, FixedOffset, NaiveDateTime, TimeZone, Utc};

use super::profile::Zone;
use crate::types::Timestamp;

/// What is before 2000 is a gateway's way to say that it does not know: `1970-01-01 05:30:00`, `0000-00-00`.
const FIRST: i64 = 946_684_800_000;
/// The last moment that has four digits of a year.
const LAST: i64 = 253_402_300_799_000;

/// `2017-05-03T06:04:45Z`, `2017-05-03 06:04:45`, with fractions and offsets of either spelling, or seconds or milliseconds
/// since 1970.
pub(super) fn read(text: &str, zone: Zone) -> Option<Timestamp> {
    let text = text.trim();
    let moment = match text.parse::<i64>() {
        Ok(number) if text.len() >= 13 => number,
        Ok(number) => number.checked_mul(1000)?,
        Err(_) => with_offset(text).or_else(|| without_offset(text, zone))?,
    };
    (FIRST..=LAST).contains(&moment).then_some(Timestamp(moment))
}

fn with_offset(text: &str) -> Option<i64> {
    let spelt = ["%Y-%m-%dT%H:%M:%S%.f%z", "%Y-%m-%d %H:%M:%S%.f%z", "%Y-%m-%d %H:%M:%S%.f %z"];
    let rfc = DateTime::parse_from_rfc3339(text).ok();
    let read = |format: &&str| DateTime::<FixedOffset>::parse_from_str(text, format).ok();
    rfc.or_else(|| spelt.iter().find_map(read)).map(|moment| moment.timestamp_millis())
}

fn without_offset(text: &str, zone: Zone) -> Option<i64> {
    let spelt = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f"];
    let local = spelt.iter().find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())?;
    Some(offset(zone)?.from_local_datetime(&local).single()?.timestamp_millis())
}

/// The other way round.
pub(super) fn write(at: Timestamp, zone: Zone) -> String {
    let utc = DateTime::<Utc>::from_timestamp_millis(at.0).unwrap_or_default();
    match (zone, offset(zone)) {
        (Zone::India, Some(india)) => utc.with_timezone(&india).format("%Y-%m-%d %H:%M:%S%.f").to_string(),
        _ => utc.format("%Y-%m-%dT%H:%M:%S%.fZ").to_string(),
    }
}

fn offset(zone: Zone) -> Option<FixedOffset> {
    FixedOffset::east_opt(if zone == Zone::India { 5 * 3600 + 1800 } else { 0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_of_gateways_is_read() {
        let moment = Some(Timestamp(1_493_791_485_000));
        for text in [
            "2017-05-03T06:04:45Z",
            "2017-05-03 06:04:45",
            "2017-05-03T11:34:45+05:30",
            "2017-05-03T06:04:45+0000",
            "2017-05-03 06:04:45 +0000",
            "2017-05-03 11:34:45.000+05:30",
            "1493791485",
            "1493791485000",
        ] {
            assert_eq!(read(text, Zone::Utc), moment, "{text}");
        }
        assert_eq!(read("2017-05-03 11:34:45", Zone::India), moment);
        for text in [
            "1970-01-01 05:30:00",
            "0000-00-00 00:00:00",
            "",
            "now",
            "99999999999999999999",
            "-1",
            "2017-13-03 00:00:00",
        ] {
            assert_eq!(read(text, Zone::India), None, "{text}");
        }
    }
}
