// A certificate authority of a test's own, and what it signed.
#pragma once

#include <cstdlib>
#include <fstream>
#include <string>

#include "support/temp_folder.h"

namespace vx11::test {

/// Made by the openssl program. A test looks at `error()` first.
class Certificates {
 public:
  Certificates() {
    make_authority("ca");
    make_authority("other-ca");
    make_signed("server", "subjectAltName=DNS:redis.test,IP:127.0.0.1");
    make_signed("client", "extendedKeyUsage=clientAuth");
  }

  [[nodiscard]] const std::string& error() const { return error_; }
  [[nodiscard]] std::string ca() const { return folder_.path("ca.crt"); }
  [[nodiscard]] std::string other_ca() const { return folder_.path("other-ca.crt"); }
  /// For redis.test and 127.0.0.1, signed by ca().
  [[nodiscard]] std::string server() const { return folder_.path("server.crt"); }
  [[nodiscard]] std::string server_key() const { return folder_.path("server.key"); }
  [[nodiscard]] std::string client() const { return folder_.path("client.crt"); }
  [[nodiscard]] std::string client_key() const { return folder_.path("client.key"); }

 private:
  void run(const std::string& arguments) {
    const std::string command = "cd '" + folder_.path() + "' && openssl " + arguments + " >log 2>&1";
    if (!error_.empty() || std::system(command.c_str()) == 0) return;
    std::ifstream log(folder_.path("log"));
    error_ = "openssl " + arguments + " failed (the program is in the Debian package openssl): ";
    for (std::string line; std::getline(log, line);) error_ += line + "\n";
  }
  void make_authority(const std::string& name) {
    run("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=" + name + " -keyout " + name +
        ".key -out " + name + ".crt");
  }
  void make_signed(const std::string& name, const std::string& extension) {
    std::ofstream(folder_.path(name + ".ext")) << extension << "\n";
    run("req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=" + name + " -keyout " + name + ".key -out " +
        name + ".csr");
    run("x509 -req -in " + name + ".csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -extfile " + name +
        ".ext -out " + name + ".crt");
  }

  TempFolder folder_;
  std::string error_;
};

}  // namespace vx11::test
