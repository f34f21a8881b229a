//! What a node is and what it is to its parent.

macro_rules! named {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum $name {
            $($(#[$doc])* #[doc = stringify!($variant)] $variant,)*
        }

        impl $name {
            /// Every variant in order of its number.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The variant of a name as lowering tables write it.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                match name {
                    $(stringify!($variant) => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }
    };
}

named! {
    /// A normalised construct. Children are told apart by their [`Role`].
    Kind {
        Module, Block, ClassBody,
        // Expressions.
        Name, Member, Index, Call, New, KwArg, Spread, Str, Template, StrPart, Interp, Num, Bool, Null, Regex,
        Unary, Binary, Assign, AugAssign, Ternary, Cast, TypeTest, Tuple, List, Dict, Set, Pair, Slice,
        Comprehension, CompFor, Await, Yield, Sequence,
        // Statements.
        If, While, DoWhile, For, ForEach, Switch, Case, Try, Catch, Finally, With, WithItem, Return, Throw,
        Break, Continue, Assert, Delete, Global, Label, Import, ImportItem, Package, Export,
        // Definitions.
        Func, Param, Class, Declare, Decorator, Modifier, TypeParam, Type,
        // Mark-up and configuration.
        Element, Attribute, Text, ConfigBlock,
        // Whatever has no lowering.
        Raw,
        // Text that did not parse.
        Error,
    }
}

named! {
    /// What a node is to its parent.
    Role {
        Root, Stmt, Member, Callee, Arg, Object, Property, Index, Left, Right, Operand, Cond, Then, Else, Body,
        Init, Update, Target, Iter, Value, Key, Elem, Pair, Part, Name, Type, ReturnType, Param, Default,
        Decorator, Modifier, Extends, Implements, TypeArg, TypeParam, Catch, Finally, Case, Item, Alias,
        Module, Receiver, Label, Throws, Attr, Content, Filter, Tag, Child,
    }
}

/// Properties of nodes that do not change their kind.
pub mod flag {
    /// A declaration: `var x = 1`, `int x`.
    pub const DECL: u16 = 1;
    /// Declared constant.
    pub const CONST: u16 = 1 << 1;
    /// JavaScript `let`, Kotlin `var`, …
    pub const LET: u16 = 1 << 2;
    /// JavaScript `var`.
    pub const VAR: u16 = 1 << 3;
    /// Go `:=`, Python `:=`.
    pub const SHORT: u16 = 1 << 4;
    /// A class's field.
    pub const FIELD: u16 = 1 << 5;
    /// A function or class expression without a name.
    pub const ANON: u16 = 1 << 6;
    /// An arrow function or lambda.
    pub const ARROW: u16 = 1 << 7;
    /// Not in the text: a block around a single statement.
    pub const SYNTH: u16 = 1 << 8;
    /// Asynchronous function.
    pub const ASYNC: u16 = 1 << 9;
    /// Statement that ends with its own terminator, such as `foo();`.
    pub const TERMINATED: u16 = 1 << 10;
    /// A method or function of a class.
    pub const METHOD: u16 = 1 << 11;
    /// `from m import x`, JavaScript named import.
    pub const FROM: u16 = 1 << 12;
    /// Import of everything (`*`).
    pub const WILDCARD: u16 = 1 << 13;
    /// JavaScript default import.
    pub const DEFAULT: u16 = 1 << 14;
    /// A placeholder of a pattern, or built by analysis rather than written.
    pub const VIRTUAL: u16 = 1 << 15;
}
