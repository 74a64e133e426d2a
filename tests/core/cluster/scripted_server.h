// An HTTP server that answers as a test says, on a loopback port of its own: for backends that are foreign, silent,
// broken or hostile.
#pragma once

#include <QHostAddress>
#include <QList>
#include <QPointer>
#include <QTcpServer>
#include <QTcpSocket>
#include <QUrl>
#include <functional>

namespace vx11::cluster::testing {

struct ScriptedRequest {
  QByteArray method, path, query, body;
  QList<QByteArray> head;
  /// The header's value; empty when it wasn't sent.
  [[nodiscard]] QByteArray header(const QByteArray& name) const {
    for (const QByteArray& line : head) {
      const qsizetype colon = line.indexOf(':');
      if (line.first(std::max<qsizetype>(colon, 0)).compare(name, Qt::CaseInsensitive) == 0) {
        return line.sliced(colon + 1).trimmed();
      }
    }
    return {};
  }
};

struct ScriptedReply {
  int status = 200;
  QByteArray body{};
  QByteArray contentType{"application/json"};
  QByteArray extraHeaders{};  ///< each with its end of line
  bool silent = false;        ///< never answered
  bool stays = false;         ///< a stream: no length, the connection stays open
};

class ScriptedServer {
 public:
  using Script = std::function<ScriptedReply(const ScriptedRequest&)>;

  explicit ScriptedServer(Script script, quint16 port = 0) : script_(std::move(script)) {
    QObject::connect(&server_, &QTcpServer::newConnection, &server_, [this] {
      while (QTcpSocket* socket = server_.nextPendingConnection()) accept(socket);
    });
    listening_ = server_.listen(QHostAddress::LocalHost, port);
  }

  [[nodiscard]] bool listening() const { return listening_; }
  [[nodiscard]] quint16 port() const { return server_.serverPort(); }
  [[nodiscard]] QUrl url() const { return QUrl(QStringLiteral("http://127.0.0.1:%1").arg(port())); }
  [[nodiscard]] const QList<ScriptedRequest>& requests() const { return requests_; }
  [[nodiscard]] int count(const QByteArray& path) const {
    return static_cast<int>(std::count_if(requests_.begin(), requests_.end(),
                                          [&](const auto& request) { return request.path == path; }));
  }
  /// To every stream that is open.
  void tell(const QByteArray& bytes) {
    for (const auto& stream : streams_) {
      if (stream) stream->write(bytes);
    }
  }
  void cutStreams() {
    for (const auto& stream : streams_) {
      if (stream) stream->disconnectFromHost();
    }
    streams_.clear();
  }

 private:
  void accept(QTcpSocket* socket) {
    QObject::connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
    QObject::connect(socket, &QTcpSocket::readyRead, socket, [this, socket, buffer = QByteArray()]() mutable {
      buffer += socket->readAll();
      for (;;) {
        const qsizetype end = buffer.indexOf("\r\n\r\n");
        if (end < 0) return;
        ScriptedRequest request;
        request.head = buffer.first(end).replace("\r\n", "\n").split('\n');
        const QList<QByteArray> words = request.head.takeFirst().split(' ');
        const qsizetype length = request.header("Content-Length").toLongLong();
        if (buffer.size() < end + 4 + length) return;
        request.body = buffer.sliced(end + 4, length);
        buffer.remove(0, end + 4 + length);
        request.method = words.value(0);
        const QList<QByteArray> target = words.value(1).split('?');
        request.path = target.value(0);
        request.query = target.value(1);
        requests_.append(request);
        answer(socket, script_(request));
      }
    });
  }
  void answer(QTcpSocket* socket, const ScriptedReply& reply) {
    if (reply.silent) return;
    QByteArray head = "HTTP/1.1 " + QByteArray::number(reply.status) + " X\r\nContent-Type: " + reply.contentType +
                      "\r\n" + reply.extraHeaders;
    if (reply.stays) streams_.append(socket);
    else head += "Content-Length: " + QByteArray::number(reply.body.size()) + "\r\n";
    socket->write(head + "\r\n" + reply.body);
  }

  QTcpServer server_;
  Script script_;
  QList<ScriptedRequest> requests_;
  QList<QPointer<QTcpSocket>> streams_;
  bool listening_ = false;
};

}  // namespace vx11::cluster::testing
