// How a connection is let in, and what is said when it isn't: passwords, users, databases, TLS, and servers that are no
// Redis.
#include <QTest>
#include <chrono>
#include <string>
#include <thread>

#include "core/redis/client_fixture.h"
#include "support/certificates.h"

using namespace vx11;
using namespace std::chrono_literals;
using redis::Fault;
using test::ClientFixture;
using test::RedisServer;

namespace {

/// Accepts one connection after the other, says its sentence to each, and hangs up.
class RudeServer {
 public:
  explicit RudeServer(std::string sentence)
      : sentence_(std::move(sentence)), acceptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port_);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int on = 1;
    ::setsockopt(acceptor_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    ::bind(acceptor_, reinterpret_cast<sockaddr*>(&address), sizeof address);
    ::listen(acceptor_, 10);
    thread_ = std::thread([this] {
      for (int socket = 0; (socket = ::accept(acceptor_, nullptr, nullptr)) >= 0; ::close(socket)) {
        ::send(socket, sentence_.data(), sentence_.size(), MSG_NOSIGNAL);
        ::shutdown(socket, SHUT_WR);
        char heard[4096];
        while (::recv(socket, heard, sizeof heard, 0) > 0) {
        }
      }
    });
  }
  ~RudeServer() {
    ::shutdown(acceptor_, SHUT_RDWR);
    thread_.join();
    ::close(acceptor_);
  }
  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  std::string sentence_;
  std::uint16_t port_ = test::free_port();
  int acceptor_;
  std::thread thread_;
};

}  // namespace

class LoginTest : public QObject {
  Q_OBJECT

  /// What is said of an attempt that fails; "usable" when it doesn't.
  template <class Server, class Change>
  static std::string trouble(const Server& server, Change&& change) {
    ClientFixture client(server.port(), change);
    if (!client.loop.until([&] { return client->usable() || client.watch.downs() > 0; })) return "nothing happens";
    if (client.watch.downs() == 0) return "usable";
    const std::string address = client.address() + " ";
    const std::string why = client.watch.why();
    if (why.find("secret") != std::string::npos) return "the password is told: " + why;
    const std::string what = why.starts_with(address) ? why.substr(address.size()) : why;
    return std::string(redis::to_string(client.watch.fault())) + ": " + what;
  }
  static auto with_password(std::string user, std::string_view password) {
    return [user, password](redis::Options& options) {
      options.username = user;
      options.password = Secret(password);
    };
  }

 private Q_SLOTS:
  void passwordsAndUsers() {
    RedisServer server({"--requirepass", "secret one"});
    if (!server) QFAIL(server.error().c_str());
    server.command({"ACL", "SETUSER", "app", "on", ">secret-two", "~*", "+@all"});
    server.command({"ACL", "SETUSER", "narrow", "on", ">secret-three", "~vx11:*", "+get"});
    server.command({"ACL", "SETUSER", "timed", "on", ">secret-four", "~*", "+get", "+time"});
    QCOMPARE(trouble(server, with_password("", "secret one")), std::string("usable"));
    QCOMPARE(trouble(server, with_password("default", "secret one")), std::string("usable"));
    QCOMPARE(trouble(server, with_password("app", "secret-two")), std::string("usable"));
    QCOMPARE(trouble(server, with_password("timed", "secret-four")),
             std::string("usable"));  // INFO and SETNAME aren't needed
    QCOMPARE(trouble(server, with_password("", "")), std::string("no_auth: wants a password, and none is configured"));
    QCOMPARE(trouble(server, with_password("", "secret-wrong")), std::string("no_auth: refuses the password"));
    QCOMPARE(trouble(server, with_password("app", "secret one")),
             std::string("no_auth: refuses the password of user app"));
    QCOMPARE(trouble(server, with_password("narrow", "secret-three")),
             std::string("no_permission: forbids TIME of user narrow, which tokens' lives need"));
  }

  void aPasswordThatNobodyWants() {
    RedisServer server;
    if (!server) QFAIL(server.error().c_str());
    QCOMPARE(trouble(server, with_password("", "secret")),
             std::string("no_auth: has no password, but one is configured"));
  }

  void aServerWhoseAuthHasAnotherNameKeepsThePasswordToItself() {
    RedisServer server({"--rename-command", "AUTH", "NONE"});
    if (!server) QFAIL(server.error().c_str());
    QCOMPARE(trouble(server, with_password("", "secret")), std::string("no_auth: refuses AUTH"));
  }

  void databases() {
    RedisServer server;
    if (!server) QFAIL(server.error().c_str());
    ClientFixture client(server, [](redis::Options& options) {
      options.database = 3;
      options.client_name = "vx11-test";
    });
    QVERIFY(client.wait_until_usable());
    QCOMPARE(client.ask({"SET", "a", "b"}), std::string("none: OK"));
    QVERIFY(server.command({"INFO", "keyspace"}).find("db3:keys=1") != std::string::npos);
    QVERIFY(server.command({"CLIENT", "LIST"}).find("name=vx11-test") != std::string::npos);
    QCOMPARE(trouble(server, [](redis::Options& options) { options.database = 99; }),
             std::string("other: has no database 99"));
    QCOMPARE(trouble(server, [](redis::Options& options) { options.client_name = "not allowed"; }),
             std::string("usable"));
  }

  void namesAreResolved() {
    RedisServer server;
    if (!server) QFAIL(server.error().c_str());
    // Often ::1 first, where nobody listens: the next address is tried.
    QCOMPARE(trouble(server, [](redis::Options& options) { options.host = "localhost"; }), std::string("usable"));
    const std::string unknown = trouble(server, [](redis::Options& options) { options.host = "no-such-host.invalid"; });
    QVERIFY2(unknown.find("no-such-host.invalid") != std::string::npos, unknown.c_str());
  }

  void serversThatAreNoRedis_data() {
    QTest::addColumn<QByteArray>("sentence");
    QTest::addColumn<QByteArray>("trouble");
    QTest::newRow("web")
        << QByteArray("HTTP/1.1 400 Bad Request\r\n\r\n")
        << QByteArray("protocol: doesn't speak Redis' protocol: Protocol error, got \"H\" as reply type byte");
    QTest::newRow("silent") << QByteArray() << QByteArray("connection_lost: closed the connection");
    QTest::newRow("talkative") << QByteArray("+OK\r\n+OK\r\n+OK\r\n")
                               << QByteArray("protocol: answers TIME with something else; is it a Redis?");
    QTest::newRow("protected")
        << QByteArray("-DENIED Redis is running in protected mode because …\r\n")
        << QByteArray("no_permission: runs in protected mode: it takes connections from its own machine only");
    QTest::newRow("crowded") << QByteArray("-ERR max number of clients reached\r\n")
                             << QByteArray("busy: has reached its largest number of clients");
    QTest::newRow("loading") << QByteArray("-LOADING Redis is loading the dataset in memory\r\n")
                             << QByteArray("loading: is loading its data");
    QTest::newRow("old") << QByteArray("*2\r\n$1\r\n5\r\n$1\r\n5\r\n$21\r\nredis_version:5.0.14\r\n\r\n")
                         << QByteArray("other: is Redis 5.0.14; 6.2 is the oldest that will do");
    QTest::newRow("loading by its INFO")
        << QByteArray("*2\r\n$1\r\n5\r\n$1\r\n5\r\n$0\r\n\r\n$0\r\n\r\n$11\r\nloading:1\r\n\r\n")
        << QByteArray("loading: is loading its data");
  }
  void serversThatAreNoRedis() {
    QFETCH(QByteArray, sentence);
    QFETCH(QByteArray, trouble);
    const RudeServer server(sentence.toStdString());
    QCOMPARE(QByteArray::fromStdString(LoginTest::trouble(server, [](redis::Options&) {})), trouble);
  }

  void aServerThatAcceptsAndSaysNothing() {
    RedisServer server;
    if (!server) QFAIL(server.error().c_str());
    server.pause();
    QCOMPARE(trouble(server, [](redis::Options& options) { options.connect_timeout = 50ms; }),
             std::string("timed_out: doesn't answer"));
  }

  void answersNobodyAskedForEndTheConnection() {
    const RudeServer server("*2\r\n$1\r\n5\r\n$1\r\n5\r\n$0\r\n\r\n$0\r\n\r\n$0\r\n\r\n+extra\r\n");
    ClientFixture client(server.port());
    QVERIFY(client.loop.until([&] { return client.watch.downs() > 0; }));
    QCOMPARE(client.watch.fault(), Fault::protocol);
    QVERIFY(client.watch.ups() >= 1);  // the greeting was in order
  }

  void tls() {
    const test::Certificates files;
    if (!files.error().empty()) QFAIL(files.error().c_str());
    const std::uint16_t port = test::free_port();
    const RedisServer server({"--tls-port", std::to_string(port), "--tls-cert-file", files.server(), "--tls-key-file",
                              files.server_key(), "--tls-ca-cert-file", files.ca(), "--tls-auth-clients", "yes"});
    if (!server) QFAIL(server.error().c_str());
    const auto attempt = [&](auto change) {
      return trouble(server, [&](redis::Options& options) {
        options.port = port;
        options.tls = {true, files.ca(), files.client(), files.client_key(), ""};
        change(options);
      });
    };
    const std::string none = "not_connected: no TLS with 127.0.0.1:" + std::to_string(port) + ": ";
    QCOMPARE(attempt([](redis::Options&) {}), std::string("usable"));  // by its address
    QCOMPARE(attempt([](redis::Options& options) { options.tls.server_name = "redis.test"; }), std::string("usable"));
    QCOMPARE(attempt([](redis::Options& options) { options.tls.server_name = "other.test"; }),
             none + "hostname mismatch");
    QCOMPARE(attempt([](redis::Options& options) { options.tls.server_name = "127.0.0.2"; }),
             none + "IP address mismatch");
    // OpenSSL names either end of the chain that leads nowhere.
    const std::string other = attempt([&](redis::Options& options) { options.tls.ca_file = files.other_ca(); });
    QVERIFY2(other.starts_with(none) && other.find("certificate") != std::string::npos, other.c_str());
    const std::string systems = attempt([](redis::Options& options) { options.tls.ca_file.clear(); });
    QVERIFY2(systems.starts_with(none) && systems.find("certificate") != std::string::npos, systems.c_str());
    QCOMPARE(attempt([](redis::Options& options) { options.tls.ca_file = "/none.pem"; }),
             none + "can't use the CA file /none.pem: No such file or directory");
    const std::string plain_port = attempt([&](redis::Options& options) {
      options.port = server.port();
      options.connect_timeout = 200ms;  // Redis takes TLS' greeting for the beginning of a command
    });
    QCOMPARE(plain_port, "timed_out: no TLS with 127.0.0.1:" + std::to_string(server.port()) +
                             " in time; does it speak TLS on that port?");
    const std::string unknown = attempt([](redis::Options& options) { options.tls.cert_file.clear(); });
    QVERIFY2(unknown.starts_with("connection_lost: "), unknown.c_str());
    const std::string plain = attempt([](redis::Options& options) { options.tls.enabled = false; });
    QVERIFY2(plain.starts_with("connection_lost: ") || plain.starts_with("protocol: "), plain.c_str());
  }

  void muchGoesThroughTls() {
    const test::Certificates files;
    if (!files.error().empty()) QFAIL(files.error().c_str());
    const std::uint16_t port = test::free_port();
    const RedisServer server({"--tls-port", std::to_string(port), "--tls-cert-file", files.server(), "--tls-key-file",
                              files.server_key(), "--tls-ca-cert-file", files.ca(), "--tls-auth-clients", "no"});
    if (!server) QFAIL(server.error().c_str());
    ClientFixture client(server, [&](redis::Options& options) {
      options.port = port;
      options.tls = {true, files.ca(), "", "", ""};
      options.timeout = 20s;
    });
    QVERIFY(client.wait_until_usable());
    constexpr int count = 3000;
    int right = 0, answered = 0;
    client.loop.run([&] {
      for (int i = 0; i < count; ++i) {
        const std::string text = std::to_string(i) + std::string(500, 'x');
        client->ask({"ECHO", text}, [&, text](const redis::Answer& answer) {
          ++answered;
          if (!answer.replies.empty() && answer.replies[0].text == text) ++right;
        });
      }
    });
    QVERIFY(client.loop.until([&] { return answered == count; }, 30s));
    QCOMPARE(client.loop.run([&] { return right; }), count);
  }
};

QTEST_GUILESS_MAIN(LoginTest)
#include "login_test.moc"
