//! How far a sweep has come, for whoever looks.

use sidelight_protocol::keeping::SweepNow;
use sidelight_room::keeping::Category;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

#[derive(Clone, Default)]
pub struct Progress(Arc<Mutex<State>>);

#[derive(Clone, Copy, Default)]
struct State {
    now: Option<SweepNow>,
    next: u32,
    every: u32,
    /// 0: not since the start.
    finished: u32,
}

impl Progress {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A long sweep begins, or goes on.
    pub(super) fn begins(&self, category: Category, of: u32, now: u32) {
        let mut state = self.state();
        if state.now.is_none() {
            state.now = Some(SweepNow { category: Some(category), erased: 0, of, began: now });
        }
    }

    pub(super) fn erased(&self, some: usize) {
        if let Some(sweep) = &mut self.state().now {
            sweep.erased = sweep.erased.saturating_add(u32::try_from(some).unwrap_or(u32::MAX));
        }
    }

    pub(super) fn of(&self) -> u32 {
        self.state().now.map_or(0, |sweep| sweep.of)
    }

    /// The sweep is over; the next one comes after this time.
    pub(super) fn rests(&self, now: u32, every: Duration) {
        let every = u32::try_from(every.as_secs()).unwrap_or(u32::MAX);
        let mut state = self.state();
        *state = State { now: None, next: now.saturating_add(every), every, ..*state };
    }

    /// All that was due is done.
    pub(super) fn finishes(&self, now: u32) {
        self.state().finished = now;
    }

    /// When that last was, in seconds since 1970. 0: not since the start.
    pub fn finished(&self) -> u32 {
        self.state().finished
    }

    /// What it does now; none: nothing that takes long.
    pub fn now(&self) -> Option<SweepNow> {
        self.state().now
    }

    /// When the next sweeps are.
    pub fn next(&self, many: u32) -> Vec<u32> {
        let State { next, every, .. } = *self.state();
        (0..many).map(|number| next.saturating_add(every.saturating_mul(number))).collect()
    }
}
