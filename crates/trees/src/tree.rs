/// A node of a tree.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Node {
    /// Column that decides; 0 in a leaf.
    pub feature: u32,
    /// Rows whose feature is below go left, others right.
    pub threshold: f32,
    /// Where rows go whose feature is missing.
    pub default_left: bool,
    /// Position of the left child in the tree; 0 in a leaf (the root is
    /// nobody's child).
    pub left: u32,
    /// Position of the right child; 0 in a leaf.
    pub right: u32,
    /// What a leaf adds to the prediction. In a decision: what it would add as
    /// a leaf, the mean of the values below weighted by cover up to the shrinkage
    /// by regularisation.
    pub value: f64,
    /// Sum of the second derivatives of the loss over the training rows that
    /// come here; for squared errors their number.
    pub cover: f64,
    /// By how much the decision lowered the loss (twice the loss, in fact, as in
    /// eq. 7 of the paper without its factor 1/2); 0 in a leaf.
    pub gain: f64,
}

impl Node {
    /// Whether nothing is decided here.
    pub fn is_leaf(&self) -> bool {
        self.left == 0
    }
}

/// A decision tree: its nodes, the root first, each before its children.
#[derive(Debug, Clone, PartialEq)]
pub struct Tree {
    pub(crate) nodes: Vec<Node>,
}

impl Tree {
    /// The nodes, the root first, each before its children.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The same tree without what is below so many decisions.
    pub fn pruned(&self, depth: usize) -> Self {
        let mut nodes = vec![self.nodes[0]];
        // Where nodes of the new tree are in this one, and how deep.
        let mut from = vec![(0, 0)];
        let mut at = 0;
        while at < nodes.len() {
            let (old, level) = from[at];
            let node = self.nodes[old];
            if !node.is_leaf() && level < depth {
                (nodes[at].left, nodes[at].right) = (nodes.len() as u32, nodes.len() as u32 + 1);
                for child in [node.left as usize, node.right as usize] {
                    nodes.push(self.nodes[child]);
                    from.push((child, level + 1));
                }
            } else {
                let Node { value, cover, .. } = node;
                nodes[at] = Node {
                    feature: 0,
                    threshold: 0.0,
                    default_left: false,
                    left: 0,
                    right: 0,
                    value,
                    cover,
                    gain: 0.0,
                };
            }
            at += 1;
        }
        Self { nodes }
    }

    /// The number of decisions on the longest way from the root to a leaf.
    pub fn depth(&self) -> usize {
        let mut depth = vec![0; self.nodes.len()];
        let mut most = 0;
        for (i, node) in self.nodes.iter().enumerate() {
            most = most.max(depth[i]);
            if !node.is_leaf() {
                depth[node.left as usize] = depth[i] + 1;
                depth[node.right as usize] = depth[i] + 1;
            }
        }
        most
    }
}
