//! Points, rectangles and segments of the plane.

use std::ops::{Add, Mul, Sub};

/// A point or vector.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Point {
    pub x: f64,
    pub y: f64,
}

impl Point {
    pub const fn new(x: f64, y: f64) -> Point {
        Point { x, y }
    }

    pub fn norm(self) -> f64 {
        self.x.hypot(self.y)
    }

    /// Of length one; the x direction if the vector has no length.
    pub fn unit(self) -> Point {
        let norm = self.norm();
        if norm > 1e-9 { self * (1.0 / norm) } else { Point::new(1.0, 0.0) }
    }

    pub fn dot(self, other: Point) -> f64 {
        self.x * other.x + self.y * other.y
    }

    /// A quarter turn.
    pub fn normal(self) -> Point {
        Point::new(-self.y, self.x)
    }

    pub fn rotated(self, angle: f64) -> Point {
        let (sin, cos) = angle.sin_cos();
        Point::new(self.x * cos - self.y * sin, self.x * sin + self.y * cos)
    }
}

impl Add for Point {
    type Output = Point;
    fn add(self, other: Point) -> Point {
        Point::new(self.x + other.x, self.y + other.y)
    }
}

impl Sub for Point {
    type Output = Point;
    fn sub(self, other: Point) -> Point {
        Point::new(self.x - other.x, self.y - other.y)
    }
}

impl Mul<f64> for Point {
    type Output = Point;
    fn mul(self, factor: f64) -> Point {
        Point::new(self.x * factor, self.y * factor)
    }
}

/// A rectangle along the axes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Bounds {
    pub low: Point,
    pub high: Point,
}

impl Bounds {
    /// Of a width and height around a centre.
    pub fn centred(centre: Point, width: f64, height: f64) -> Bounds {
        let half = Point::new(width / 2.0, height / 2.0);
        Bounds { low: centre - half, high: centre + half }
    }

    /// The smallest around the points.
    pub fn around(points: impl IntoIterator<Item = Point>) -> Bounds {
        let mut bounds = Bounds {
            low: Point::new(f64::INFINITY, f64::INFINITY),
            high: Point::new(f64::NEG_INFINITY, f64::NEG_INFINITY),
        };
        for p in points {
            bounds.include(&Bounds { low: p, high: p });
        }
        bounds
    }

    pub fn include(&mut self, other: &Bounds) {
        self.low = Point::new(self.low.x.min(other.low.x), self.low.y.min(other.low.y));
        self.high = Point::new(self.high.x.max(other.high.x), self.high.y.max(other.high.y));
    }

    pub fn grown(self, by: f64) -> Bounds {
        let by = Point::new(by, by);
        Bounds { low: self.low - by, high: self.high + by }
    }

    pub fn width(&self) -> f64 {
        self.high.x - self.low.x
    }

    pub fn height(&self) -> f64 {
        self.high.y - self.low.y
    }

    pub fn centre(&self) -> Point {
        (self.low + self.high) * 0.5
    }

    /// Part of the segment inside, as fractions of it from its start (Liang and Barsky 1984).
    pub fn inside(&self, from: Point, to: Point) -> Option<(f64, f64)> {
        let (mut enter, mut leave) = (0.0f64, 1.0f64);
        let d = to - from;
        for (start, along, low, high) in
            [(from.x, d.x, self.low.x, self.high.x), (from.y, d.y, self.low.y, self.high.y)]
        {
            if along.abs() < 1e-12 {
                if start < low || start > high {
                    return None;
                }
                continue;
            }
            let (a, b) = ((low - start) / along, (high - start) / along);
            enter = enter.max(a.min(b));
            leave = leave.min(a.max(b));
        }
        (enter < leave).then_some((enter, leave))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_leaves_a_box_where_it_should() {
        let unit = Bounds::centred(Point::new(0.0, 0.0), 2.0, 2.0);
        assert_eq!(unit.inside(Point::new(0.0, 0.0), Point::new(4.0, 0.0)), Some((0.0, 0.25)));
        assert_eq!(unit.inside(Point::new(-2.0, 0.0), Point::new(2.0, 0.0)), Some((0.25, 0.75)));
        assert_eq!(unit.inside(Point::new(-2.0, 3.0), Point::new(2.0, 3.0)), None);
    }
}
