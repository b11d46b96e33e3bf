//! What a request can come to beside its page.

use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};

use crate::case::CaseError;
use crate::coaching::CoachingError;
use crate::export::ExportError;
use crate::store::StoreError;

/// Why there is no page.
#[derive(Debug)]
pub(super) enum Fault {
    /// Nobody is signed in.
    SignIn,
    /// The role does not allow it, or the form is not one of ours.
    Forbidden(&'static str),
    NotFound,
    /// The form does not say what it should.
    Bad(&'static str),
    /// Somebody else was quicker.
    Conflict(&'static str),
    TooMany,
    Internal(String),
}

impl Fault {
    pub(super) fn internal(cause: impl Into<Box<dyn std::error::Error>>) -> Self {
        Self::Internal(cause.into().to_string())
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self::Internal(format!("{error} ({})", error.hint))
    }
}

impl From<CaseError> for Fault {
    fn from(error: CaseError) -> Self {
        match error {
            CaseError::Store(error) => error.into(),
            CaseError::UnknownDebtor(_) => Self::NotFound,
            CaseError::TooManyCalls(_) => {
                Self::Bad("通话太多，不是一个债务人。Too many calls: not one debtor.")
            }
            CaseError::Write(error) => error.into(),
            CaseError::Taken(_) => Self::internal(error),
        }
    }
}

impl From<CoachingError> for Fault {
    fn from(error: CoachingError) -> Self {
        match error {
            CoachingError::Store(error) => error.into(),
            CoachingError::Page(error) => error.into(),
            _ => Self::NotFound,
        }
    }
}

impl From<ExportError> for Fault {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::Store(error) => error.into(),
            ExportError::Unwritten(_) => Self::internal(error),
        }
    }
}

impl From<std::io::Error> for Fault {
    fn from(error: std::io::Error) -> Self {
        let causes = std::iter::successors(Some(&error as &dyn std::error::Error), |error| error.source());
        Self::Internal(causes.map(ToString::to_string).collect::<Vec<_>>().join(": "))
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let (status, told) = match self {
            Self::SignIn => return Redirect::to("/sign-in").into_response(),
            Self::Forbidden(why) => (StatusCode::FORBIDDEN, why),
            Self::NotFound => (StatusCode::NOT_FOUND, "没有这一页。Not found."),
            Self::Bad(why) => (StatusCode::BAD_REQUEST, why),
            Self::Conflict(why) => (StatusCode::CONFLICT, why),
            Self::TooMany => {
                (StatusCode::TOO_MANY_REQUESTS, "登录失败次数过多，请 15 分钟后再试。Too many attempts.")
            }
            Self::Internal(cause) => {
                // The operator reads this; whoever asked may not know what lies where.
                eprintln!("error: {cause}");
                (StatusCode::INTERNAL_SERVER_ERROR, "服务器内部错误，详情见终端。Internal error.")
            }
        };
        // All texts are this program's own.
        let page = format!(
            "<!DOCTYPE html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><title>{}</title><p>{told}</p><p><a href=\"/\">返回</a></p>",
            status.as_u16()
        );
        (status, Html(page)).into_response()
    }
}
