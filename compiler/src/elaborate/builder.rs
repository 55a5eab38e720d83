//! The arena of kernel nodes under construction, and the two sides of `or none`.

pub(super) use polc_runtime::ir::Arena as Builder;
use polc_runtime::ir::Type;

/// `T or none`; never nested.
pub(super) fn optional(ty: Type) -> Type {
    match ty {
        Type::Optional(_) => ty,
        other => Type::Optional(Box::new(other)),
    }
}

/// `T` without `or none`.
pub(super) fn required(ty: &Type) -> Type {
    match ty {
        Type::Optional(inner) => (**inner).clone(),
        other => other.clone(),
    }
}
