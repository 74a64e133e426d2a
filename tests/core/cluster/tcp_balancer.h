// A balancer as far as a stream can tell: each connection goes to the next instance that takes it.
#pragma once

#include <QHostAddress>
#include <QTcpServer>
#include <QTcpSocket>
#include <QUrl>

namespace vx11::cluster::testing {

class TcpBalancer {
 public:
  explicit TcpBalancer(const QList<quint16>& ports) : ports_(ports) {
    QObject::connect(&server_, &QTcpServer::newConnection, &server_, [this] {
      while (QTcpSocket* client = server_.nextPendingConnection()) forward(client, ports_.size());
    });
    server_.listen(QHostAddress::LocalHost);
  }
  [[nodiscard]] QUrl url() const { return QUrl(QStringLiteral("http://127.0.0.1:%1").arg(server_.serverPort())); }

 private:
  void forward(QTcpSocket* client, qsizetype attempts) {
    if (attempts == 0) return client->deleteLater();
    auto* instance = new QTcpSocket(client);
    QObject::connect(client, &QTcpSocket::disconnected, client, &QObject::deleteLater);
    QObject::connect(instance, &QTcpSocket::errorOccurred, client, [this, client, instance, attempts] {
      if (instance->property("reached").toBool()) return client->disconnectFromHost();
      client->disconnect();
      instance->deleteLater();
      forward(client, attempts - 1);
    });
    QObject::connect(instance, &QTcpSocket::connected, client, [client, instance] {
      instance->setProperty("reached", true);
      instance->write(client->readAll());
      QObject::connect(client, &QTcpSocket::readyRead, instance, [=] { instance->write(client->readAll()); });
      QObject::connect(instance, &QTcpSocket::readyRead, client, [=] { client->write(instance->readAll()); });
    });
    instance->connectToHost(QHostAddress::LocalHost, ports_[next_++ % ports_.size()]);
  }

  QTcpServer server_;
  QList<quint16> ports_;
  qsizetype next_ = 0;
};

}  // namespace vx11::cluster::testing
