// TLS towards Redis: the server's certificate is always checked, its chain and its name; there is no way to leave it
// out.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/system/result.hpp>
#include <memory>
#include <string>

#include "redis/options.h"
#include "redis/socket.h"

namespace vx11::redis {

using TlsStream = asio::ssl::stream<Socket&>;
using TlsContext = std::shared_ptr<asio::ssl::context>;

/// Reads the files; a sentence when one can't be used. TLS 1.2 at least.
[[nodiscard]] boost::system::result<TlsContext, std::string> make_tls_context(const TlsOptions& options);
/// Which name or address the certificate must be for; a name is also sent as SNI.
void expect_server(TlsStream& stream, const Options& options);
/// "hostname mismatch", "self-signed certificate", "wrong version number".
[[nodiscard]] std::string why_handshake_failed(TlsStream& stream, const ErrorCode& error);

}  // namespace vx11::redis
