//! Builds the crate anew when a file is added to a folder that it embeds.

fn main() {
    for folder in ["catalog/_attacks", "static"] {
        println!("cargo::rerun-if-changed={folder}");
    }
}
