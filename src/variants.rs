//! Every variant of an enumeration, as an array: what is derived cannot miss one.

/// The variants that `strum` derives, in their order. `N` is the `COUNT` that it derives beside them.
pub(crate) const fn every<T: Copy, const N: usize>(variants: &[T]) -> [T; N] {
    match variants.first_chunk() {
        Some(all) => *all,
        None => panic!("COUNT is the number of variants"),
    }
}
