//! How a build is asked for.

use std::str::FromStr;

use xxhash_rust::xxh3::xxh3_64;

use crate::write::Look;

/// What a build does beside writing what changed.
#[derive(Debug, Clone, Copy)]
pub struct BuildOptions {
    /// How closely files are looked at that would stay.
    pub look: Look,
    /// Whether the report says what was rendered and why.
    pub explain: bool,
    /// Whether the report lists the files that are not as they were.
    pub changes: bool,
    /// The part of the site that is written; nothing for all of it.
    pub shard: Option<Shard>,
}

impl Default for BuildOptions {
    fn default() -> Self {
        Self { look: Look::Quick, explain: false, changes: false, shard: None }
    }
}

/// Something that was rendered.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rebuilt {
    /// What the paths of its files begin with: `tools/github/`, or a whole path.
    pub unit: String,
    /// Why, without a full stop.
    pub why: String,
}

/// One of several parts of a site that are built apart: `2/4`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    /// Which, from 1.
    pub number: u32,
    /// Of how many.
    pub of: u32,
}

/// Parts of one site.
const MAX_SHARDS: u32 = 1_000;

impl Shard {
    /// Whether a unit belongs to this part. It depends on the unit's name alone.
    pub(super) fn has(self, unit: &str) -> bool {
        xxh3_64(unit.as_bytes()) % u64::from(self.of) == u64::from(self.number - 1)
    }
}

impl std::fmt::Display for Shard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once('/').and_then(|(k, n)| Some((k.parse().ok()?, n.parse().ok()?)));
        match parts {
            Some((number, of)) if (1..=of).contains(&number) && of <= MAX_SHARDS => Ok(Self { number, of }),
            _ => Err(format!("a part is `K/N`, from `1/N` to `N/N`, with N at most {MAX_SHARDS}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_unit_belongs_to_one_part() {
        for of in [1, 2, 7] {
            for unit in ["", "tools/a/", "index.html"] {
                let having = (1..=of).filter(|number| Shard { number: *number, of }.has(unit)).count();
                assert_eq!(having, 1);
            }
        }
    }

    #[test]
    fn a_part_is_one_of_so_many() {
        assert_eq!("2/4".parse(), Ok(Shard { number: 2, of: 4 }));
        for wrong in ["0/4", "5/4", "1/0", "1", "a/b", "1/2/3", "-1/2", "1/5000"] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
    }
}
