//! WAV files: PCM and G.711 in, PCM of 16 bits out, with a remark in the file.
//!
//! A reader of our own because of what the usual crate leaves out: it reads neither A-law nor μ-law,
//! which telephone recordings are, and neither reads nor writes the remark (`LIST`/`INFO`) by which a
//! placeholder is known.

use std::fs;
use std::io;
use std::io::Read;
use std::ops::RangeInclusive;
use std::path::Path;

/// Samples a second of a sound that is read.
pub const RATES: RangeInclusive<u32> = 4000..=192_000;
/// The largest recording that is read: an hour at 16 kHz.
pub const WAV_BYTES_MAX: u64 = 128 * 1024 * 1024;
/// Bytes of a remark at most.
const REMARK_MAX: usize = 4096;

/// How samples are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// Linear, of so many bits: 8, 16, 24 or 32.
    Pcm(u16),
    /// G.711 as in Europe.
    ALaw,
    /// G.711 as in America and Japan.
    MuLaw,
    /// Floating point of 32 bits, which some speech programs write.
    Float,
    /// Something else, by its number.
    Other(u16),
}

/// One recording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sound {
    /// Samples a second.
    pub rate: u32,
    /// 1 is mono.
    pub channels: u16,
    /// How it was written.
    pub coding: Coding,
    /// The samples, those of all channels in turns; none of a coding that is not known.
    pub samples: Vec<i16>,
    /// The remark in the file (`ICMT`).
    pub remark: Option<String>,
}

impl Sound {
    /// The length in milliseconds.
    pub fn length_ms(&self) -> u64 {
        let frames = self.samples.len() as u64 / u64::from(self.channels.max(1));
        frames * 1000 / u64::from(self.rate.max(1))
    }
}

/// Reads a file; what is wrong with it in words.
pub fn read(path: &Path) -> Result<Sound, String> {
    let cannot = |error: io::Error| format!("cannot be read: {error}");
    // Nobody knows when a pipe would end.
    if !fs::metadata(path).map_err(cannot)?.is_file() {
        return Err("is not a file".to_owned());
    }
    let file = fs::File::open(path).map_err(cannot)?;
    let mut bytes = Vec::new();
    let mut limited = file.take(WAV_BYTES_MAX + 1);
    limited.read_to_end(&mut bytes).map_err(cannot)?;
    if bytes.len() as u64 > WAV_BYTES_MAX {
        return Err(format!(
            "is larger than {} MiB",
            WAV_BYTES_MAX / 1024 / 1024
        ));
    }
    parse(&bytes)
}

/// The sound in the bytes of a file.
pub fn parse(bytes: &[u8]) -> Result<Sound, String> {
    let is_wave = bytes.get(..4) == Some(b"RIFF") && bytes.get(8..12) == Some(b"WAVE");
    if !is_wave {
        return Err("is not a WAV file".to_owned());
    }
    let (mut format, mut data, mut remark) = (None, None, None);
    let mut rest = &bytes[12..];
    while rest.len() >= 8 {
        let (head, after) = rest.split_at(8);
        let size = u32::from_le_bytes([head[4], head[5], head[6], head[7]]) as usize;
        // A program that was stopped leaves a size that is not true: what is there counts.
        let body = &after[..size.min(after.len())];
        match &head[..4] {
            b"fmt " => format = Format::read(body),
            b"data" => data = data.or(Some(body)),
            b"LIST" if body.starts_with(b"INFO") => remark = remark.or_else(|| comment(&body[4..])),
            _ => {}
        }
        rest = after.get(size + size % 2..).unwrap_or_default();
    }
    let format = format.ok_or("does not say its format")?;
    let data = data.ok_or("has no sound in it")?;
    if !RATES.contains(&format.rate) {
        return Err(format!("has {} samples a second", format.rate));
    }
    Ok(Sound {
        rate: format.rate,
        channels: format.channels,
        coding: format.coding,
        samples: format.coding.decode(data),
        remark,
    })
}

struct Format {
    coding: Coding,
    channels: u16,
    rate: u32,
}

impl Format {
    fn read(body: &[u8]) -> Option<Self> {
        /// The number is in the beginning of a longer name further on.
        const EXTENSIBLE: u16 = 0xFFFE;
        let short = |at: usize| Some(u16::from_le_bytes([*body.get(at)?, *body.get(at + 1)?]));
        let mut number = short(0)?;
        if number == EXTENSIBLE {
            number = short(24)?;
        }
        let bits = short(14)?;
        let rate = u32::from(short(4)?) | u32::from(short(6)?) << 16;
        let coding = match (number, bits) {
            (1, 8 | 16 | 24 | 32) => Coding::Pcm(bits),
            (3, 32) => Coding::Float,
            (6, 8) => Coding::ALaw,
            (7, 8) => Coding::MuLaw,
            (other, _) => Coding::Other(other),
        };
        Some(Self {
            coding,
            channels: short(2)?,
            rate,
        })
    }
}

/// The text of `ICMT` among the entries of a list.
fn comment(mut rest: &[u8]) -> Option<String> {
    while rest.len() >= 8 {
        let (head, after) = rest.split_at(8);
        let size = u32::from_le_bytes([head[4], head[5], head[6], head[7]]) as usize;
        let body = &after[..size.min(after.len()).min(REMARK_MAX)];
        if &head[..4] == b"ICMT" {
            let text = String::from_utf8_lossy(body);
            return Some(text.trim_end_matches('\0').to_owned());
        }
        rest = after.get(size + size % 2..).unwrap_or_default();
    }
    None
}

impl Coding {
    /// Its name.
    pub fn name(self) -> String {
        match self {
            Self::Pcm(bits) => format!("PCM of {bits} bits"),
            Self::ALaw => "G.711 A-law".to_owned(),
            Self::MuLaw => "G.711 μ-law".to_owned(),
            Self::Float => "floating point".to_owned(),
            Self::Other(number) => format!("format {number}"),
        }
    }

    /// The loudest sample it can hold.
    pub fn loudest(self) -> i16 {
        match self {
            Self::Pcm(8) => 127 << 8,
            Self::ALaw => 32_256,
            Self::MuLaw => 32_124,
            Self::Pcm(_) | Self::Float | Self::Other(_) => i16::MAX,
        }
    }

    fn decode(self, data: &[u8]) -> Vec<i16> {
        let wide = |bytes: usize| {
            let sample = move |of: &[u8]| i16::from_le_bytes([of[bytes - 2], of[bytes - 1]]);
            data.chunks_exact(bytes).map(sample).collect()
        };
        match self {
            // Of eight bits samples have no sign.
            Self::Pcm(8) => data
                .iter()
                .map(|byte| (i16::from(*byte) - 128) << 8)
                .collect(),
            Self::Pcm(bits) => wide(usize::from(bits / 8)),
            Self::Float => {
                let sample = |of: &[u8]| {
                    let value = f32::from_le_bytes([of[0], of[1], of[2], of[3]]);
                    // What is louder than can be written is written as loud as can be.
                    (value * f32::from(i16::MAX)) as i16
                };
                data.chunks_exact(4).map(sample).collect()
            }
            Self::ALaw => data.iter().map(|byte| a_law(*byte)).collect(),
            Self::MuLaw => data.iter().map(|byte| mu_law(*byte)).collect(),
            Self::Other(_) => Vec::new(),
        }
    }
}

/// One sample of ITU-T G.711, A-law.
fn a_law(byte: u8) -> i16 {
    let byte = byte ^ 0x55;
    let (segment, step) = ((byte & 0x70) >> 4, i16::from(byte & 0x0F) << 4);
    let level = match segment {
        0 => step + 8,
        segment => (step + 0x108) << (segment - 1),
    };
    if byte & 0x80 == 0 { -level } else { level }
}

/// One sample of ITU-T G.711, μ-law.
fn mu_law(byte: u8) -> i16 {
    let byte = !byte;
    let step = (i16::from(byte & 0x0F) << 3) + 0x84;
    let level = (step << ((byte & 0x70) >> 4)) - 0x84;
    if byte & 0x80 == 0 { level } else { -level }
}

/// Mono PCM of 16 bits with a remark, as bridges play it.
pub fn bytes(samples: &[i16], rate: u32, remark: &str) -> Vec<u8> {
    let mut data = Vec::with_capacity(samples.len() * 2);
    for sample in samples {
        data.extend(sample.to_le_bytes());
    }
    let mut format = Vec::new();
    for short in [1_u16, 1] {
        format.extend(short.to_le_bytes());
    }
    for long in [rate, rate * 2] {
        format.extend(long.to_le_bytes());
    }
    for short in [2_u16, 16] {
        format.extend(short.to_le_bytes());
    }
    let mut info = b"INFO".to_vec();
    chunk(&mut info, b"ICMT", format!("{remark}\0").as_bytes());
    let mut body = b"WAVE".to_vec();
    chunk(&mut body, b"fmt ", &format);
    chunk(&mut body, b"LIST", &info);
    chunk(&mut body, b"data", &data);
    let mut file = Vec::new();
    chunk(&mut file, b"RIFF", &body);
    file
}

fn chunk(out: &mut Vec<u8>, name: &[u8; 4], body: &[u8]) {
    out.extend(name);
    out.extend((body.len() as u32).to_le_bytes());
    out.extend(body);
    if body.len() % 2 == 1 {
        out.push(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let samples = vec![0, 1, -1, i16::MAX, i16::MIN];
        let sound = parse(&bytes(&samples, 8000, "odd")).expect("a sound");
        assert_eq!(sound.samples, samples);
        assert_eq!((sound.rate, sound.channels), (8000, 1));
        assert_eq!(sound.coding, Coding::Pcm(16));
        assert_eq!(sound.remark.as_deref(), Some("odd"));
    }

    #[test]
    fn no_bytes_make_the_reader_panic() {
        let whole = bytes(&[1, 2, 3], 8000, "r");
        for end in 0..whole.len() {
            drop(parse(&whole[..end]));
        }
        for place in 0..whole.len() {
            for value in [0, 0x7F, 0xFF] {
                let mut torn = whole.clone();
                torn[place] = value;
                drop(parse(&torn));
            }
        }
    }

    #[test]
    fn g711_has_the_levels_of_the_standard() {
        assert_eq!((a_law(0xD5), a_law(0x55)), (8, -8));
        assert_eq!((a_law(0xAA), a_law(0x2A)), (32_256, -32_256));
        assert_eq!((mu_law(0xFF), mu_law(0x7F)), (0, 0));
        assert_eq!((mu_law(0x80), mu_law(0x00)), (32_124, -32_124));
    }
}
