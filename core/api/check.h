// The check behind `validate` and `stream`: asks the store, counts, and puts a refusal into an answer.
#pragma once

#include <string>
#include <string_view>

#include "api/loop_context.h"
#include "token/callback.h"

namespace vx11::api {

/// Checks and counts; `done` gets the result on this loop, at once when no I/O is needed.
void check_token(LoopContext& context, std::string_view token, store::Purpose purpose,
                 store::TokenStore::CheckHandler done);

// The two halves of it, for who may accept what the store refuses.
/// Checks; every result is to be counted, unless it isn't what the client is told.
void ask_store(LoopContext& context, std::string_view token, store::Purpose purpose,
               store::TokenStore::CheckHandler done);
void count_check(LoopContext& context, const store::CheckResult& result, store::Purpose purpose);

/// 403 `invalid_token`, or 429 when this address fails too often.
void answer_refusal(LoopContext& context, const http::Request& request, http::Responder& responder);

}  // namespace vx11::api
