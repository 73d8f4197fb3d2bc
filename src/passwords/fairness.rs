//! A fair order of waiting items: each account and each address gets its share, however much one of them has
//! queued.

use std::collections::VecDeque;

use super::task::Requester;

/// Waiting items in the order of arrival, taken in a fair order.
///
/// A virtual clock counts work, as in start-time fair queueing (Goyal, Vin and Cheng, SIGCOMM 1996): an item
/// is due at the clock's time of its arrival plus the work that its account had waiting then, or its address
/// if that is more. So a first item is due at once, and the hundredth of a flood after a hundred rounds of
/// the other requesters.
pub(super) struct Waiting<T> {
    entries: VecDeque<QueueEntry<T>>,
    clock: u64,
}

struct QueueEntry<T> {
    item: T,
    requester: Requester,
    work: u64,
    due: u64,
}

/// An item's place in the order before it is pushed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct QueuePosition {
    due: u64,
    /// The work that is taken before it.
    pub(super) ahead: u64,
}

impl<T> Waiting<T> {
    pub(super) fn new() -> Self {
        Self { entries: VecDeque::new(), clock: 0 }
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// The item that arrived first.
    pub(super) fn oldest(&self) -> Option<&T> {
        self.entries.front().map(|entry| &entry.item)
    }

    /// The place of a new item of this requester.
    pub(super) fn place(&self, requester: Requester) -> QueuePosition {
        let same = |tag: fn(Requester) -> Option<u64>| {
            let mine =
                |entry: &&QueueEntry<T>| tag(requester).is_some() && tag(entry.requester) == tag(requester);
            self.entries.iter().filter(mine).map(|entry| entry.work).sum::<u64>()
        };
        let due = self.clock + same(|requester| requester.account).max(same(|requester| requester.address));
        let before = self.entries.iter().filter(|entry| entry.due <= due);
        QueuePosition { due, ahead: before.map(|entry| entry.work).sum() }
    }

    /// Adds an item of this much work at its place.
    pub(super) fn push(&mut self, item: T, requester: Requester, work: u64, place: QueuePosition) {
        self.entries.push_back(QueueEntry { item, requester, work, due: place.due });
    }

    /// Takes the item that is due first, of equals the older.
    pub(super) fn pop(&mut self) -> Option<T> {
        self.pop_first_of(|_| true)
    }

    /// Takes the item that is due first of those that are `allowed`.
    pub(super) fn pop_first_of(&mut self, allowed: impl Fn(&T) -> bool) -> Option<T> {
        let at = self.position_of(allowed)?;
        let entry = self.entries.remove(at)?;
        self.clock = self.clock.max(entry.due);
        Some(entry.item)
    }

    /// The item that is due first of those that are `allowed`.
    pub(super) fn first_of(&self, allowed: impl Fn(&T) -> bool) -> Option<&T> {
        self.entries.get(self.position_of(allowed)?).map(|entry| &entry.item)
    }

    /// Takes the item that is due last, of equals the younger, if it is due after `place`.
    pub(super) fn displace(&mut self, place: QueuePosition) -> Option<T> {
        let at = self.position(|entry, worst| entry.due >= worst.due)?;
        let later = self.entries.get(at).is_some_and(|entry| entry.due > place.due);
        if later { self.entries.remove(at).map(|entry| entry.item) } else { None }
    }

    /// Removes items for which `keep` is false.
    pub(super) fn retain(&mut self, mut keep: impl FnMut(&T) -> bool) {
        self.entries.retain(|entry| keep(&entry.item));
    }

    /// Takes the item that arrived first, if `take` is true for it.
    pub(super) fn pop_oldest_if(&mut self, take: impl FnOnce(&T) -> bool) -> Option<T> {
        self.entries.pop_front_if(|entry| take(&entry.item)).map(|entry| entry.item)
    }

    fn position_of(&self, allowed: impl Fn(&T) -> bool) -> Option<usize> {
        let entries = self.entries.iter().enumerate().filter(|(_, entry)| allowed(&entry.item));
        entries.min_by_key(|(at, entry)| (entry.due, *at)).map(|(at, _)| at)
    }

    fn position(&self, better: impl Fn(&QueueEntry<T>, &QueueEntry<T>) -> bool) -> Option<usize> {
        let entries = self.entries.iter().enumerate();
        entries.reduce(|best, next| if better(next.1, best.1) { next } else { best }).map(|(at, _)| at)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn account(number: u64) -> Requester {
        Requester { account: Some(number), address: None }
    }

    fn push<T>(waiting: &mut Waiting<T>, item: T, requester: Requester) {
        let place = waiting.place(requester);
        waiting.push(item, requester, 1, place);
    }

    fn drain<T>(waiting: &mut Waiting<T>) -> Vec<T> {
        std::iter::from_fn(|| waiting.pop()).collect()
    }

    #[test]
    fn without_tags_the_order_is_that_of_arrival() {
        let mut waiting = Waiting::new();
        (0..5).for_each(|item| push(&mut waiting, item, Requester::default()));
        assert_eq!(drain(&mut waiting), [0, 1, 2, 3, 4]);
    }

    #[test]
    fn accounts_take_turns() {
        let mut waiting = Waiting::new();
        for item in ["a1", "a2", "a3"] {
            push(&mut waiting, item, account(1));
        }
        for item in ["b1", "b2"] {
            push(&mut waiting, item, account(2));
        }
        push(&mut waiting, "c1", account(3));
        assert_eq!(drain(&mut waiting), ["a1", "b1", "c1", "a2", "b2", "a3"]);
    }

    #[test]
    fn one_address_with_many_accounts_is_one_and_one_account_with_many_addresses_too() {
        let mut waiting = Waiting::new();
        for number in 0..3 {
            push(&mut waiting, "spray", Requester { account: Some(number), address: Some(1) });
        }
        for number in 10..13 {
            push(&mut waiting, "botnet", Requester { account: Some(9), address: Some(number) });
        }
        push(&mut waiting, "other", Requester { account: Some(20), address: Some(20) });
        let order = drain(&mut waiting);
        assert_eq!(order[..3], ["spray", "botnet", "other"]);
    }

    #[test]
    fn a_new_client_goes_before_a_flood_but_not_before_a_client_due_earlier() {
        let mut waiting = Waiting::new();
        (0..10).for_each(|_| push(&mut waiting, "flood", account(1)));
        assert_eq!((waiting.pop(), waiting.pop()), (Some("flood"), Some("flood")));
        push(&mut waiting, "first", account(2));
        push(&mut waiting, "second", account(3));
        assert_eq!(drain(&mut waiting)[..3], ["first", "second", "flood"]);
    }

    #[test]
    fn what_is_ahead_is_what_will_be_taken_before() {
        let mut waiting = Waiting::new();
        (0..10).for_each(|_| push(&mut waiting, 'f', account(1)));
        push(&mut waiting, 'b', account(2));
        assert_eq!(waiting.place(account(1)).ahead, 11);
        assert_eq!(waiting.place(account(2)).ahead, 3);
        assert_eq!(waiting.place(account(3)).ahead, 2);
    }

    #[test]
    fn dearer_work_pushes_the_same_accounts_next_back_further() {
        let mut waiting = Waiting::new();
        let place = waiting.place(account(1));
        waiting.push("dear", account(1), 8, place);
        push(&mut waiting, "after dear", account(1));
        for item in ["b1", "b2", "b3"] {
            push(&mut waiting, item, account(2));
        }
        assert_eq!(drain(&mut waiting), ["dear", "b1", "b2", "b3", "after dear"]);
    }

    #[test]
    fn the_last_due_job_makes_room_only_for_an_earlier_one() {
        let mut waiting = Waiting::new();
        (0..3).for_each(|item| push(&mut waiting, item, account(1)));
        assert_eq!(waiting.displace(waiting.place(account(1))), None);
        assert_eq!(waiting.displace(waiting.place(account(2))), Some(2));
        assert_eq!(drain(&mut waiting), [0, 1]);
        push(&mut waiting, 7, Requester::default());
        assert_eq!(waiting.displace(waiting.place(Requester::default())), None);
    }

    proptest! {
        #[test]
        fn among_n_busy_accounts_each_gets_its_nth_turn(
            flood in 1usize..50, others in 1u64..8, each in 1usize..5,
        ) {
            let mut waiting = Waiting::new();
            (0..flood).for_each(|_| push(&mut waiting, 0, account(0)));
            for _ in 0..each {
                (1..=others).for_each(|number| push(&mut waiting, number, account(number)));
            }
            let order = drain(&mut waiting);
            prop_assert_eq!(order.len(), flood + each * others as usize);
            let rounds = each * (others as usize + 1);
            let floods = order.iter().take(rounds).filter(|number| **number == 0).count();
            prop_assert!(floods <= each, "{:?}", order);
        }
    }
}
