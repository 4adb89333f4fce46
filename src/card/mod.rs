//! Card: tool + verdict + rule + prose; all that we know of one tool.
