-- Words and sounds of every transcript; the texts themselves are in `body`.
CREATE TABLE spoken (
    call BIGINT PRIMARY KEY,
    words TSVECTOR NOT NULL,
    sounds TSVECTOR NOT NULL
);
CREATE INDEX spoken_by_words ON spoken USING gin (words);
CREATE INDEX spoken_by_sounds ON spoken USING gin (sounds);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the log of actions is append-only'; END $$;
CREATE TRIGGER action_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON action
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
