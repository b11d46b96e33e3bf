-- Words and sounds of every transcript; the texts themselves are in `body`. Words are looked for anywhere in a call, so
-- their places are not kept; sounds are looked for in a row.
CREATE VIRTUAL TABLE spoken_words USING fts5(words, content = '', contentless_delete = 1, detail = none);
CREATE VIRTUAL TABLE spoken_sounds USING fts5(sounds, content = '', contentless_delete = 1);

CREATE TRIGGER action_is_never_changed BEFORE UPDATE ON action
BEGIN SELECT RAISE(ABORT, 'the log of actions is append-only'); END;
CREATE TRIGGER action_is_never_removed BEFORE DELETE ON action
BEGIN SELECT RAISE(ABORT, 'the log of actions is append-only'); END;
