//! Numbered places that are used again, so that a packet finds its allocation by index.

pub(crate) struct Places<T> {
    places: Vec<Option<T>>,
    free: Vec<u32>,
}

impl<T> Default for Places<T> {
    fn default() -> Self {
        Places { places: Vec::new(), free: Vec::new() }
    }
}

impl<T> Places<T> {
    pub(crate) fn insert(&mut self, value: T) -> Option<u32> {
        match self.free.pop() {
            Some(number) => {
                *self.places.get_mut(number as usize)? = Some(value);
                Some(number)
            }
            None => {
                let number = u32::try_from(self.places.len()).ok()?;
                self.places.push(Some(value));
                Some(number)
            }
        }
    }

    pub(crate) fn remove(&mut self, number: u32) -> Option<T> {
        let value = self.places.get_mut(number as usize)?.take()?;
        self.free.push(number);
        Some(value)
    }

    pub(crate) fn get(&self, number: u32) -> Option<&T> {
        self.places.get(number as usize)?.as_ref()
    }

    pub(crate) fn get_mut(&mut self, number: u32) -> Option<&mut T> {
        self.places.get_mut(number as usize)?.as_mut()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, &T)> {
        (0..).zip(&self.places).filter_map(|(number, place)| place.as_ref().map(|value| (number, value)))
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = (u32, &mut T)> {
        (0..).zip(&mut self.places).filter_map(|(number, place)| place.as_mut().map(|value| (number, value)))
    }

    pub(crate) fn len(&self) -> usize {
        self.places.len() - self.free.len()
    }
}
