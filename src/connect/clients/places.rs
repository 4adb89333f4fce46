//! Where clients keep their configuration.

use std::path::PathBuf;

/// The folders that clients' configurations are looked for in, each given: nothing here looks at the environment.
#[derive(Debug, Clone, Default)]
pub struct ClientPlaces {
    /// The person's home folder.
    pub home: Option<PathBuf>,
    /// The folder of the project.
    pub project: Option<PathBuf>,
}

/// In the folder of a project.
const OF_PROJECT: &[&str] = &[
    ".mcp.json",
    ".cursor/mcp.json",
    ".vscode/mcp.json",
    ".codex/config.toml",
    ".gemini/settings.json",
    ".zed/settings.json",
];

/// In the home folder, on every system.
const OF_HOME: &[&str] = &[
    ".claude.json",
    ".cursor/mcp.json",
    ".codex/config.toml",
    ".gemini/settings.json",
    ".codeium/windsurf/mcp_config.json",
];

/// In the home folder: Claude Desktop, VS Code, Zed.
const OF_SYSTEM: &[&str] = if cfg!(windows) {
    &[
        "AppData/Roaming/Claude/claude_desktop_config.json",
        "AppData/Roaming/Code/User/mcp.json",
        "AppData/Roaming/Code/User/settings.json",
        "AppData/Roaming/Zed/settings.json",
    ]
} else if cfg!(target_os = "macos") {
    &[
        "Library/Application Support/Claude/claude_desktop_config.json",
        "Library/Application Support/Code/User/mcp.json",
        "Library/Application Support/Code/User/settings.json",
        ".config/zed/settings.json",
    ]
} else {
    &[
        ".config/Claude/claude_desktop_config.json",
        ".config/Code/User/mcp.json",
        ".config/Code/User/settings.json",
        ".config/zed/settings.json",
    ]
};

impl ClientPlaces {
    /// Every usual place: those of the project first.
    pub fn usual(&self) -> Vec<PathBuf> {
        let project = self.project.iter().flat_map(|folder| OF_PROJECT.iter().map(|file| folder.join(file)));
        let home = self.home.iter().flat_map(|folder| OF_HOME.iter().chain(OF_SYSTEM).map(|file| folder.join(file)));
        let mut all = Vec::new();
        for place in project.chain(home) {
            // A project may be the home folder.
            if !all.contains(&place) {
                all.push(place);
            }
        }
        all
    }

    /// Those where there is a file.
    pub(super) fn existing(&self) -> Vec<PathBuf> {
        self.usual().into_iter().filter(|place| place.is_file()).collect()
    }
}
