//! What of a window has to be heard once more, because the decoder left off early or ran in circles.

use std::ops::Range;

use super::regions::samples_in;
use super::suspicion::is_loop;
use super::whisper::Heard;
use super::windows::{Piece, Window, WindowOptions};

/// Speech left over from this length on is heard by itself; below it a timestamp was a little early.
const MIN_REST_S: f64 = 1.0;

/// What to do with a window after it was heard.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Again {
    /// Nothing: take what was heard.
    No,
    /// Take what was heard, and hear what comes after it. The model takes the end of a sentence for the end of all
    /// speech now and then, and a window holds nothing but speech.
    Rest(Window),
    /// Forget what was heard and hear the window in two: other neighbours break a loop.
    Halves(Window, Window),
}

/// Judges what was `heard` in `window`. Windows to hear again are shorter than `window`.
pub(super) fn again(heard: &[Heard], window: &Window, options: &WindowOptions) -> Again {
    let text: String = heard.iter().map(|heard| heard.text.as_str()).collect();
    if is_loop(&text) && window.pieces.len() > 1 {
        let (first, second) = window.pieces.split_at(middle(window));
        return Again::Halves(repacked(first, 0, options), repacked(second, 0, options));
    }
    let until = heard.iter().map(|heard| heard.end).max().unwrap_or(0);
    let rest = repacked(&window.pieces, until, options);
    let left: usize = rest.pieces.iter().map(|piece| piece.source.len()).sum();
    if until.min(left) >= samples_in(MIN_REST_S) { Again::Rest(rest) } else { Again::No }
}

/// Index of the piece that begins nearest to the middle of the window; never the first.
fn middle(window: &Window) -> usize {
    let half = window.len() / 2;
    (1..window.pieces.len()).min_by_key(|&index| window.pieces[index].at.abs_diff(half)).unwrap_or(1)
}

/// A window of what `pieces` play from `start` on.
fn repacked(pieces: &[Piece], start: usize, options: &WindowOptions) -> Window {
    let source = |piece: &Piece| -> Range<usize> {
        piece.source.start + start.saturating_sub(piece.at)..piece.source.end
    };
    let mut window = Window::default();
    for source in pieces.iter().filter(|piece| start < piece.end()).map(source) {
        window.push(source, options);
    }
    window
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: usize = 16_000;

    /// Four pieces of 2 s without joints.
    fn window() -> Window {
        let piece = |index: usize| Piece { source: 10 * index * S..(10 * index + 2) * S, at: 2 * index * S };
        Window { pieces: (0..4).map(piece).collect() }
    }

    fn sources(window: &Window) -> Vec<Range<usize>> {
        window.pieces.iter().map(|piece| piece.source.clone()).collect()
    }

    fn after(end: usize, text: &str) -> Again {
        let heard = Heard { start: 0, end, text: text.into(), confidence: 0.9 };
        again(&[heard], &window(), &WindowOptions::default())
    }

    #[test]
    fn a_window_heard_to_its_end_is_done() {
        assert_eq!(after(8 * S, "请问您什么时候方便"), Again::No);
        assert_eq!(after(7 * S + 1_000, "请问您什么时候方便"), Again::No);
        assert_eq!(again(&[], &window(), &WindowOptions::default()), Again::No);
    }

    #[test]
    fn what_was_left_is_heard_by_itself() {
        let Again::Rest(rest) = after(3 * S, "请问您") else { panic!("nothing left") };
        assert_eq!(sources(&rest), [11 * S..12 * S, 20 * S..22 * S, 30 * S..32 * S]);
        assert!(rest.len() < window().len());
    }

    #[test]
    fn a_loop_is_heard_in_halves() {
        let Again::Halves(first, second) = after(8 * S, &"作曲 ".repeat(40)) else { panic!("no loop") };
        assert_eq!(sources(&first), [0..2 * S, 10 * S..12 * S]);
        assert_eq!(sources(&second), [20 * S..22 * S, 30 * S..32 * S]);
    }
}
