//! solvation/mod
#[derive(Clone)] pub(crate) struct Alpb;
#[derive(Clone,Copy,Debug,PartialEq)] pub enum Solvent { Water }
impl Solvent { pub fn name(&self) -> &str { "" } }
impl Alpb { pub fn new(_: &[u8], _: Solvent) -> Self { Self } }
use crate::interaction::*;
impl Interaction for Alpb { fn place(&mut self, _: Placement) {} fn add_potential(&mut self, _: &Moments, _: &mut Moments) {} fn add_energy(&mut self, _: &Moments, _: &mut [f64]) {} fn add_gradient(&mut self, _: Placement, _: &Moments, _: &mut [[f64; 3]], _: &mut [f64]) {} }
