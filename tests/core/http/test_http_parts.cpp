// The parts of core/http that need no socket.
#include <QTest>

#include "http/networks.h"
#include "http/place.h"
#include "http/rate_limiter.h"
#include "http/request.h"
#include "http/response.h"
#include "http/sse.h"

using namespace vx11;
using namespace vx11::http;
using namespace std::chrono_literals;

class TestHttpParts : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void target_data() {
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("query");
    QTest::newRow("plain") << QByteArray("/a/b") << QByteArray("/a/b") << QByteArray();
    QTest::newRow("query") << QByteArray("/a?x=1&y") << QByteArray("/a") << QByteArray("x=1&y");
    QTest::newRow("second mark") << QByteArray("/a?x=?") << QByteArray("/a") << QByteArray("x=?");
    QTest::newRow("fragment") << QByteArray("/a?x=1#f") << QByteArray("/a") << QByteArray("x=1");
    QTest::newRow("absolute") << QByteArray("http://h:1/a?b") << QByteArray("/a") << QByteArray("b");
    QTest::newRow("absolute, bare") << QByteArray("http://h:1") << QByteArray("/") << QByteArray();
    QTest::newRow("escapes stay") << QByteArray("/%61") << QByteArray("/%61") << QByteArray();
  }
  void target() {
    QFETCH(QByteArray, target);
    Request request;
    request.set_target(target.toStdString());
    request.settle();
    QTEST(QByteArray(request.path.data(), qsizetype(request.path.size())), "path");
    QTEST(QByteArray(request.query.data(), qsizetype(request.query.size())), "query");
  }

  void parameter_data() {
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<bool>("found");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<bool>("repeated");
    QTest::newRow("none") << QByteArray("") << false << QByteArray() << false;
    QTest::newRow("other") << QByteArray("tok=1&tokens=2") << false << QByteArray() << false;
    QTest::newRow("one") << QByteArray("a=1&token=xyz&b=2") << true << QByteArray("xyz") << false;
    QTest::newRow("empty") << QByteArray("token=") << true << QByteArray() << false;
    QTest::newRow("bare") << QByteArray("token") << true << QByteArray() << false;
    QTest::newRow("escaped value") << QByteArray("token=a%2Db%20c+d") << true << QByteArray("a-b c d") << false;
    QTest::newRow("broken escape stays") << QByteArray("token=a%2") << true << QByteArray("a%2") << false;
    QTest::newRow("escaped name") << QByteArray("%74oken=1") << true << QByteArray("1") << false;
    QTest::newRow("twice") << QByteArray("token=1&token=2") << true << QByteArray("1") << true;
    QTest::newRow("twice, once escaped") << QByteArray("token=1&t%6Fken=1") << true << QByteArray("1") << true;
    QTest::newRow("equals in value") << QByteArray("token=a=b") << true << QByteArray("a=b") << false;
  }
  void parameter() {
    QFETCH(QByteArray, query);
    Request request;
    request.set_target("/?" + query.toStdString());
    request.settle();
    std::string storage;
    const Single result = request.parameter("token", storage);
    QTEST(result.value.has_value(), "found");
    QTEST(result.repeated, "repeated");
    if (result.value) QTEST(QByteArray(result.value->data(), qsizetype(result.value->size())), "value");
  }

  void headerIsFoundInAnyCaseAndTwiceIsSeen() {
    Request request;
    request.set_target("/");
    request.add_header("X-VX11-Token", "secret");
    request.add_header("Accept", "a");
    request.add_header("accept", "b");
    QCOMPARE(std::string(request.header("x-vx11-token").value.value_or("")), std::string("secret"));
    QVERIFY(!request.header("x-vx11-token").repeated);
    QVERIFY(request.header("ACCEPT").repeated);
    QVERIFY(!request.header("Host").value.has_value());
  }

  void plainNames() {
    QVERIFY(is_plain_name("a"));
    QVERIFY(is_plain_name("A-z_0.9"));
    QVERIFY(is_plain_name(std::string(64, 'x')));
    for (const std::string& bad : {std::string(), std::string(65, 'x'), std::string("a b"), std::string("a\n"),
                                   std::string("\xC3\xA9"), std::string("a/b")}) {
      QVERIFY2(!is_plain_name(bad), bad.c_str());
    }
  }

  void responseBytes() {
    HeadContext context;
    context.date_line = "Date: now\r\n";
    context.fixed_lines = "X-Fixed: yes\r\n";
    context.correlation_id = "id-1";
    Response response;
    response.status = 405;
    response.headers = "Allow: GET\r\n";
    response.body = "{}";
    std::string out;
    append_response(out, response, context);
    QCOMPARE(out, std::string("HTTP/1.1 405 Method Not Allowed\r\nDate: now\r\nX-Fixed: yes\r\nX-Correlation-Id: id-1\r\n"
                              "Content-Type: application/json\r\nContent-Length: 2\r\nAllow: GET\r\n\r\n{}"));
    context.head_only = true;
    context.keep_alive = false;
    out.clear();
    append_response(out, response, context);
    QVERIFY(out.ends_with("Content-Length: 2\r\nAllow: GET\r\nConnection: close\r\n\r\n"));
    QCOMPARE(QByteArray(DateHeader().line(0).data()), QByteArray("Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n"));
  }

  void eventFrames() {
    QCOMPARE(sse_event("e", "7", "x"), std::string("id: 7\nevent: e\ndata: x\n\n"));
    QCOMPARE(sse_event("", "", "a\nb\r\nc\rd"), std::string("data: a\ndata: b\ndata: c\ndata: d\n\n"));
    QCOMPARE(sse_event("e", "", ""), std::string("event: e\ndata: \n\n"));
    QCOMPARE(sse_retry(1500ms), std::string("retry: 1500\n\n"));
  }

  void network_data() {
    QTest::addColumn<QByteArray>("network");
    QTest::addColumn<QByteArray>("address");
    QTest::addColumn<bool>("inside");
    QTest::newRow("v4") << QByteArray("10.0.0.0/8") << QByteArray("10.255.1.2") << true;
    QTest::newRow("v4, outside") << QByteArray("10.0.0.0/8") << QByteArray("11.0.0.1") << false;
    QTest::newRow("odd bits") << QByteArray("192.168.4.0/22") << QByteArray("192.168.7.255") << true;
    QTest::newRow("odd bits, outside") << QByteArray("192.168.4.0/22") << QByteArray("192.168.8.0") << false;
    QTest::newRow("single") << QByteArray("192.0.2.7") << QByteArray("192.0.2.7") << true;
    QTest::newRow("mapped") << QByteArray("10.0.0.0/8") << QByteArray("::ffff:10.1.2.3") << true;
    QTest::newRow("v6") << QByteArray("2001:db8::/32") << QByteArray("2001:db8:1::1") << true;
    QTest::newRow("v6, outside") << QByteArray("2001:db8::/32") << QByteArray("2001:db9::1") << false;
    QTest::newRow("all") << QByteArray("0.0.0.0/0") << QByteArray("203.0.113.9") << true;
    QTest::newRow("all of v4 isn't v6") << QByteArray("0.0.0.0/0") << QByteArray("2001:db8::1") << false;
  }
  void network() {
    QFETCH(QByteArray, network);
    QFETCH(QByteArray, address);
    Networks networks;
    QVERIFY(networks.add(network.toStdString()));
    QTEST(networks.contains(boost::asio::ip::make_address(address.toStdString())), "inside");
  }
  void notANetwork() {
    Networks networks;
    for (const char* text : {"", "x", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/a", "::/129", "10.0.0.0/-1", "10.0.0/8"}) {
      QVERIFY2(!networks.add(text), text);
    }
    QVERIFY(networks.empty());
  }

  void clientBehindProxies_data() {
    QTest::addColumn<QByteArray>("peer");
    QTest::addColumn<QByteArray>("forwarded");
    QTest::addColumn<QByteArray>("client");
    QTest::newRow("not a proxy: the header is ignored")
        << QByteArray("203.0.113.1") << QByteArray("198.51.100.1") << QByteArray("203.0.113.1");
    QTest::newRow("one proxy") << QByteArray("10.0.0.1") << QByteArray("198.51.100.1") << QByteArray("198.51.100.1");
    QTest::newRow("forged on the left") << QByteArray("10.0.0.1") << QByteArray("1.2.3.4, 198.51.100.1")
                                        << QByteArray("198.51.100.1");
    QTest::newRow("two proxies") << QByteArray("10.0.0.1") << QByteArray("198.51.100.1 , 10.9.9.9")
                                 << QByteArray("198.51.100.1");
    QTest::newRow("proxies only") << QByteArray("10.0.0.1") << QByteArray("10.0.0.2, 10.0.0.3") << QByteArray("10.0.0.2");
    QTest::newRow("rubbish") << QByteArray("10.0.0.1") << QByteArray("198.51.100.1, unknown") << QByteArray("10.0.0.1");
    QTest::newRow("empty") << QByteArray("10.0.0.1") << QByteArray("") << QByteArray("10.0.0.1");
  }
  void clientBehindProxies() {
    QFETCH(QByteArray, peer);
    QFETCH(QByteArray, forwarded);
    Networks trusted;
    QVERIFY(trusted.add("10.0.0.0/8"));
    const auto client =
        client_address(boost::asio::ip::make_address(peer.toStdString()), forwarded.toStdString(), trusted);
    QTEST(QByteArray::fromStdString(client.to_string()), "client");
  }

  void limiterLetsTheLimitThroughAWindow() {
    RateLimiter limiter(5, 10s);
    Instant now{100s};
    for (int i = 0; i < 5; ++i) QVERIFY(!limiter.take(1, now));
    const auto wait = limiter.take(1, now);
    QVERIFY(wait.has_value());
    QCOMPARE(std::chrono::duration_cast<std::chrono::milliseconds>(*wait).count(), 2000);
    QVERIFY(limiter.take(1, now + *wait - 1ms).has_value());
    QVERIFY(!limiter.take(1, now + *wait));
    QVERIFY(limiter.take(1, now + *wait).has_value());
    now += 60s;  // long idle: a whole burst again, not more
    for (int i = 0; i < 5; ++i) QVERIFY(!limiter.take(1, now));
    QVERIFY(limiter.take(1, now).has_value());
    RateLimiter off(0, 1s);
    for (int i = 0; i < 100; ++i) QVERIFY(!off.take(1, now));
  }
  void limiterForgetsByTheWindowItWasGiven() {
    RateLimiter limiter(1, 24h);
    Instant now{1s};
    QVERIFY(!limiter.take(0, now));  // the next look for idle ones is a day away
    limiter.change(1, 1s);
    for (std::uint64_t key = 0; key < RateLimiter::max_keys; ++key) QVERIFY(!limiter.take(key, now));
    now += 2s;  // all of them are idle now, so that there is room for another
    QVERIFY(!limiter.take(RateLimiter::max_keys, now));
    QVERIFY(limiter.take(RateLimiter::max_keys, now).has_value());
  }

  void limiterCanBeChanged() {
    RateLimiter limiter(0, 1s);
    const Instant now{100s};
    QVERIFY(!limiter.enabled());
    limiter.change(2, 10s);
    QVERIFY(limiter.enabled());
    for (int i = 0; i < 2; ++i) QVERIFY(!limiter.take(1, now));
    QVERIFY(limiter.take(1, now).has_value());
    limiter.change(2, 10s);  // no change: nobody is let off
    QVERIFY(limiter.take(1, now).has_value());
    limiter.change(3, 10s);
    for (int i = 0; i < 3; ++i) QVERIFY(!limiter.take(1, now));
    QVERIFY(limiter.take(1, now).has_value());
    limiter.change(0, 10s);
    QVERIFY(!limiter.take(1, now));
  }
  void limiterKeysAreIndependent() {
    RateLimiter limiter(1, 1s);
    const Instant now{1s};
    QVERIFY(!limiter.take(1, now));
    QVERIFY(limiter.take(1, now).has_value());
    QVERIFY(!limiter.take(2, now));
  }

  void a_place_is_taken_by_one_and_used_again() {
    Place place;
    PlaceAllocator<std::uint64_t> allocator(place);
    std::uint64_t* const first = allocator.allocate(2);
    std::uint64_t* const second = allocator.allocate(2);
    QVERIFY(first != second);
    std::fill_n(first, 2, 1);
    std::fill_n(second, 2, 2);
    QCOMPARE(first[1], std::uint64_t{1});
    allocator.deallocate(second, 2);
    allocator.deallocate(first, 2);
    const PlaceAllocator<char> rebound(allocator);
    QVERIFY(rebound == PlaceAllocator<char>(place));
    QCOMPARE(static_cast<void*>(allocator.allocate(2)), static_cast<void*>(first));
    allocator.deallocate(first, 2);
    std::uint64_t* const large = allocator.allocate(1000);  // fits nowhere but in the heap
    std::fill_n(large, 1000, 3);
    QVERIFY(large != first);
    allocator.deallocate(large, 1000);
  }
};

QTEST_GUILESS_MAIN(TestHttpParts)
#include "test_http_parts.moc"
