//! Texts and keys as YAML writes and reads them.

use serde_json::Value;

use super::{lines, read};

proptest::proptest! {
    #[test]
    fn every_text_and_every_key_is_read_back(text in "(?s)([-\"'\n\t:#?a]|\\PC){0,20}") {
        let line = lines::entry_lines(&text, &Value::String(text.clone())).join("\n");
        let found = read(&line).ok().and_then(|found| found.first()?.value());
        let wanted = Value::Object([(text.clone(), Value::String(text))].into_iter().collect());
        proptest::prop_assert_eq!(found, Some(wanted), "{}", line);
    }
}
