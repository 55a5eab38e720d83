//! The arena of kernel nodes under construction, and the two sides of `or none`.

pub(super) use polc_runtime::ir::Arena as Builder;
use polc_runtime::ir::Type;

/// `T or none`; never nested.
pub(super) fn optional(ty: Type) -> Type {
    if matches!(ty, Type::Optional(_)) {
        return ty;
    }
    Type::Optional(Box::new(ty))
}

/// `T` without `or none`.
pub(super) fn required(ty: &Type) -> Type {
    if let Type::Optional(inner) = ty {
        return (**inner).clone();
    }
    ty.clone()
}
