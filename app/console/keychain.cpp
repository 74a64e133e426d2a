#include "console/keychain.h"

#include <qt6keychain/keychain.h>

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QFileInfo>
#include <QTimer>
#include <algorithm>
#include <array>
#include <utility>

namespace vx11::console {
namespace {

using cluster::SecretKind;

constexpr int busAnswersWithinMs = 1'000;  // the bus itself, which starts nothing for it

QString service() { return QStringLiteral("vx11-console"); }

QString nameOf(SecretKind kind) {
  switch (kind) {
    case SecretKind::Principal:
      break;
    case SecretKind::RedisPassword:
      return QStringLiteral("/redis-password");
    case SecretKind::SentinelPassword:
      return QStringLiteral("/sentinel-password");
  }
  return QStringLiteral("/principal");
}

QString keyOf(const QString& profileId, SecretKind kind) { return profileId + nameOf(kind); }

// Without a running bus QtDBus would try to launch one, which takes seconds.
bool busIsThere() {
  return !qEnvironmentVariableIsEmpty("DBUS_SESSION_BUS_ADDRESS") ||
         QFileInfo::exists(qEnvironmentVariable("XDG_RUNTIME_DIR") + QStringLiteral("/bus"));
}

constexpr std::array questions{"ListNames", "ListActivatableNames"};

QDBusPendingCall askBus(const char* question) {
  const auto call =
      QDBusMessage::createMethodCall(QStringLiteral("org.freedesktop.DBus"), QStringLiteral("/org/freedesktop/DBus"),
                                     QStringLiteral("org.freedesktop.DBus"), QLatin1String(question));
  return QDBusConnection::sessionBus().asyncCall(call, busAnswersWithinMs);
}

bool isKeychain(const QString& name) {
  return name == QStringLiteral("org.freedesktop.secrets") || name.startsWith(QStringLiteral("org.kde.kwalletd"));
}

QString sentence(const QKeychain::Job& job) {
  switch (job.error()) {
    case QKeychain::NoError:
    case QKeychain::EntryNotFound:
      return {};
    case QKeychain::AccessDeniedByUser:
      return Keychain::tr("The keychain was not unlocked.");
    case QKeychain::AccessDenied:
      return Keychain::tr("The keychain allows no access.");
    case QKeychain::NoBackendAvailable:
    case QKeychain::NotImplemented:
      return Keychain::tr("No keychain answers on this system.");
    case QKeychain::CouldNotDeleteEntry:
    case QKeychain::OtherError:
      break;
  }
  return Keychain::tr("The keychain says: %1").arg(job.errorString());
}

}  // namespace

void Keychain::askWhyNot(ReasonHandler handler) {
  if (busIsThere() && QDBusConnection::sessionBus().isConnected()) return seek(0, std::move(handler));
  QTimer::singleShot(0, this, [handler = std::move(handler)] {
    handler(tr("There is no keychain: this session has no bus to reach one by."));
  });
}

void Keychain::seek(std::size_t question, ReasonHandler handler) {
  if (question == questions.size())
    return handler(tr("There is no keychain: neither a Secret Service nor KWallet is on this system."));
  auto* watcher = new QDBusPendingCallWatcher(askBus(questions[question]), this);
  connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, watcher, question, handler = std::move(handler)] {
    watcher->deleteLater();
    if (watcher->isError()) return handler(tr("No keychain can be reached: the bus of this session doesn’t answer."));
    const QStringList names = watcher->reply().arguments().value(0).toStringList();
    if (std::any_of(names.begin(), names.end(), isKeychain)) return handler({});
    seek(question + 1, handler);
  });
}

void Keychain::run(QKeychain::Job* job, const QString& profileId, SecretKind kind,
                   std::function<void(const QString&)> ended) {
  job->setInsecureFallback(false);
  job->setKey(keyOf(profileId, kind));
  // Reaching for a keychain that isn't there could take seconds.
  askWhyNot([this, job, ended = std::move(ended)](const QString& reason) {
    if (!reason.isEmpty()) {
      job->deleteLater();
      return ended(reason);
    }
    // From here on the job owns itself: it ends, and with it the handler is gone.
    connect(job, &QKeychain::Job::finished, this, [ended](const QKeychain::Job* done) { ended(sentence(*done)); });
    job->start();
  });
}

void Keychain::read(const QString& profileId, SecretKind kind, ReadHandler handler) {
  auto* job = new QKeychain::ReadPasswordJob(service(), this);
  run(job, profileId, kind, [job, handler = std::move(handler)](const QString& problem) {
    if (!problem.isEmpty()) return handler({boost::system::in_place_error, problem});
    QByteArray text = job->textData().toUtf8();
    handler(Secret(std::string_view(text.constData(), static_cast<std::size_t>(text.size()))));
    wipe(text.data(), static_cast<std::size_t>(text.size()));
  });
}

void Keychain::write(const QString& profileId, SecretKind kind, const Secret& secret, DoneHandler handler) {
  auto* job = new QKeychain::WritePasswordJob(service(), this);
  const std::string_view text = secret.reveal();
  job->setTextData(QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())));
  run(job, profileId, kind, [handler = std::move(handler)](const QString& problem) {
    if (problem.isEmpty())
      handler({});
    else
      handler(problem);
  });
}

void Keychain::remove(const QString& profileId, SecretKind kind, DoneHandler handler) {
  auto* job = new QKeychain::DeletePasswordJob(service(), this);
  run(job, profileId, kind, [handler = std::move(handler)](const QString& problem) {
    if (problem.isEmpty())
      handler({});
    else
      handler(problem);
  });
}

}  // namespace vx11::console
