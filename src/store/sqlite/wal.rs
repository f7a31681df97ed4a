//! Whether a write-ahead log that a process left behind is whole.
//!
//! SQLite reads a log up to the first frame that does not fit, and silently takes the rest for what a power cut interrupted.
//! That is right of the last transaction alone, which nobody was answered before its sync. Of anything earlier it means that
//! answered turns are lost, which two things prove:
//!
//! * Behind the break stand two whole transactions in a row: the first was synced before the second was begun.
//! * The log's index, which a killed process leaves behind, counts more frames of this very log: it is written after the sync.
//!
//! The formats are SQLite's: <https://www.sqlite.org/fileformat2.html#walformat>, <https://www.sqlite.org/walformat.html>.

use std::fs::File;
use std::io::{self, BufReader, ErrorKind, Read};
use std::path::Path;

const HEADER: usize = 32;
const FRAME_HEADER: usize = 24;
/// Bytes of one of the two copies of the index's header.
const INDEX_HEADER: usize = 48;

/// What is wrong with a log that no process has open, in words.
pub(super) fn damage(log: &Path, index: &Path) -> io::Result<Option<String>> {
    let index = match File::open(index) {
        Ok(file) => counted(file)?,
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    judge(BufReader::new(File::open(log)?), index)
}

/// Frames that were synced, and the salts of the log in which they were.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Counted {
    frames: u32,
    salts: [u8; 8],
}

/// A sum over what came before: two words that go on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Sum(u32, u32);

impl Sum {
    /// `bytes` in words of four; SQLite sums nothing else.
    fn over(mut self, bytes: &[u8], word: fn([u8; 4]) -> u32) -> Self {
        let (words, _) = bytes.as_chunks::<4>();
        let (pairs, _) = words.as_chunks::<2>();
        for [first, second] in pairs {
            self.0 = self.0.wrapping_add(word(*first)).wrapping_add(self.1);
            self.1 = self.1.wrapping_add(word(*second)).wrapping_add(self.0);
        }
        self
    }

    fn read(bytes: &[u8], word: fn([u8; 4]) -> u32) -> Option<Self> {
        Some(Self(word(*bytes.first_chunk()?), word(*bytes.get(4..)?.first_chunk()?)))
    }
}

/// The index's header, where it is whole: both copies alike, with the right sum.
fn counted(mut index: impl Read) -> io::Result<Option<Counted>> {
    let mut both = [0; 2 * INDEX_HEADER];
    if !fill(&mut index, &mut both)? {
        return Ok(None);
    }
    let (first, second) = both.split_at(INDEX_HEADER);
    let (summed, sum) = first.split_at(INDEX_HEADER - 8);
    let native = u32::from_ne_bytes;
    let begun = summed.get(12) == Some(&1);
    let whole = first == second && Sum::read(sum, native) == Some(Sum::default().over(summed, native));
    let frames = summed.get(16..).and_then(|rest| rest.first_chunk()).map(|word| native(*word));
    let salts = summed.get(32..).and_then(|rest| rest.first_chunk()).copied();
    Ok(frames.zip(salts).filter(|_| begun && whole).map(|(frames, salts)| Counted { frames, salts }))
}

fn judge(mut log: impl Read, index: Option<Counted>) -> io::Result<Option<String>> {
    let mut header = [0; HEADER];
    if !fill(&mut log, &mut header)? {
        return Ok(None);
    }
    let words = |at: usize| header.get(at..).and_then(|rest| rest.first_chunk()).copied().map_or(0, u32::from_be_bytes);
    let word: fn([u8; 4]) -> u32 = if words(0) & 1 == 0 { u32::from_le_bytes } else { u32::from_be_bytes };
    let sum = Sum::default().over(&header[..HEADER - 8], word);
    let page = words(8) as usize;
    let is_log = words(0) & !1 == 0x377f_0682 && page.is_power_of_two() && (512..=65536).contains(&page);
    if !is_log || Sum::read(&header[HEADER - 8..], u32::from_be_bytes) != Some(sum) {
        // The header is synced before the first frame is written.
        let mut rest = [0; FRAME_HEADER];
        let begun = fill(&mut log, &mut rest)? && rest.iter().any(|byte| *byte != 0);
        return Ok(begun.then(|| broken("its first bytes are not what was written there")));
    }
    let salts = &header[16..24];
    let mut frame = vec![0; FRAME_HEADER + page];
    let (mut number, mut whole, mut broke) = (0_u32, 0_u32, false);
    // What the next frame's sum goes on from: what stands in the frame before it, or where just that was changed, what should.
    // And how many transactions have ended since the last break.
    let (mut before, mut ended) = ([sum, sum], 0_u32);
    while fill(&mut log, &mut frame)? {
        number = number.saturating_add(1);
        let (head, data) = frame.split_at(FRAME_HEADER);
        let stored = Sum::read(&head[16..], u32::from_be_bytes).unwrap_or_default();
        let is_ours = head[8..16] == *salts;
        let sums = before.map(|before| before.over(&head[..8], word).over(data, word));
        let fits = is_ours && sums.contains(&stored);
        let ends = u32::from(head[4..8] != [0; 4]);
        if !is_ours && broke {
            // What follows are frames of an earlier log.
            break;
        }
        if fits {
            ended += ends;
        } else {
            (broke, ended) = (true, ends);
        }
        if !broke {
            whole = number;
        } else if ended >= 2 {
            return Ok(Some(broken(&format!("frame {} does not fit, and whole transactions follow it", whole + 1))));
        }
        before = [stored, sums[0]];
    }
    let cut = index.filter(|index| index.salts == *salts && index.frames > whole);
    Ok(cut.map(|index| broken(&format!("of {} frames that were written, {whole} are whole", index.frames))))
}

fn broken(how: &str) -> String {
    format!("its log (`-wal`) is damaged or cut: {how}; nothing was changed, restore it from a backup")
}

/// Whether there was enough to fill it.
fn fill(from: &mut impl Read, buffer: &mut [u8]) -> io::Result<bool> {
    match from.read_exact(buffer) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests;
