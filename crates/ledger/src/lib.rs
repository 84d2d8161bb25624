//! What was spent, on what, measured how: meters, conversions, budgets, forecasts of cost.
