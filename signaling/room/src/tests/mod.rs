//! The rules of the door, each as a test named for it.

mod alarms;
mod beside;
mod bounds;
mod checks;
mod conversation;
mod door;
mod draft;
mod histories;
mod keeping;
mod links;
mod others;
mod pages;
mod quiet;
mod restart;
mod ringing;
mod safety;
mod signalling;
mod texts;
mod typed;
mod views;
mod visiting;
mod who;
mod windows;
mod witness;
mod world;
