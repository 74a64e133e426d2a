#include "redis/tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/error.hpp>

namespace vx11::redis {

namespace ssl = asio::ssl;

boost::system::result<TlsContext, std::string> make_tls_context(const TlsOptions& options) {
  ErrorCode error;
  const auto unusable = [&error](const std::string& what) { return "can't use " + what + ": " + error.message(); };
  auto context = std::make_shared<ssl::context>(ssl::context::tls_client);
  SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
  context->set_verify_mode(ssl::verify_peer);
  if (options.ca_file.empty()) {
    context->set_default_verify_paths(error);
    if (error) return unusable("the system's certificates");
  } else {
    context->load_verify_file(options.ca_file, error);
    if (error) return unusable("the CA file " + options.ca_file);
  }
  if (!options.cert_file.empty()) {
    context->use_certificate_chain_file(options.cert_file, error);
    if (error) return unusable("the certificate " + options.cert_file);
    // Without a callback, OpenSSL would ask for a passphrase on the terminal.
    context->set_password_callback([](std::size_t, ssl::context::password_purpose) { return std::string(); });
    context->use_private_key_file(options.key_file, ssl::context::pem, error);
    if (error) return unusable("the key " + options.key_file);
  }
  return context;
}

void expect_server(TlsStream& stream, const Options& options) {
  SSL* handle = stream.native_handle();
  const std::string& name = options.tls.server_name.empty() ? options.host : options.tls.server_name;
  ErrorCode not_an_address;
  static_cast<void>(asio::ip::make_address(name, not_an_address));
  // OpenSSL's own check, not a callback: it can say afterwards what was wrong.
  if (not_an_address) {
    SSL_set_hostflags(handle, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    SSL_set1_host(handle, name.c_str());
    SSL_set_tlsext_host_name(handle, name.c_str());
  } else {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(handle), name.c_str());
  }
}

std::string why_handshake_failed(TlsStream& stream, const ErrorCode& error) {
  const long verified = SSL_get_verify_result(stream.native_handle());
  if (verified != X509_V_OK) return X509_verify_cert_error_string(verified);
  if (error == asio::error::eof || error == ssl::error::stream_truncated) return "the server hung up";
  if (error.category() == asio::error::get_ssl_category()) {
    const char* reason = ERR_reason_error_string(static_cast<unsigned long>(error.value()));
    if (reason != nullptr) return reason;
  }
  return error.message();
}

}  // namespace vx11::redis
