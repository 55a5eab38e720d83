//! The two laws of reasons. Necessity: what could change a decided answer is among its reasons. Relevance: what is
//! among them was read, on the day it names, with the value it shows.

mod fixed;
mod generated;
mod marked;
mod necessity;
mod reach;
mod relevance;
mod subject;
