//! Verdict → rule; rules → `policy.json` and the other formats; `decide()` proves what it does.
