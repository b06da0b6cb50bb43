//! When a contact is: by clocks on a wall, over and over, in a calendar. Pure: the time is given, nothing is read.
//!
//! A practitioner means what the clock on the wall will show, also after the clocks were changed in between. So a repeated contact
//! keeps its time on the wall, and becomes contacts of their own, each with its moment, its way in and its end.
//!
//! The time zones are those that jiff brings along, compiled in: what is due at ten is due at ten on whatever machine this runs, with
//! no zones of its own or with old ones. They are renewed with the dependencies.

pub mod calendar;
pub mod hours;
pub mod repeat;
pub mod wall;
