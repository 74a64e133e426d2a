#include "platform/clipboard_guard.h"

#include <QClipboard>
#include <QCryptographicHash>
#include <QGuiApplication>
#include <QMimeData>

namespace vx11::ui {
namespace {

QByteArray fingerprintOf(const QString& text) {
  return QCryptographicHash::hash(text.toUtf8(), QCryptographicHash::Sha256);
}

}  // namespace

ClipboardGuard::ClipboardGuard(QObject* parent) : QObject(parent) {
  connect(&ticker_, &QTimer::timeout, this, &ClipboardGuard::tick);
  ticker_.setSingleShot(true);
  connect(QGuiApplication::clipboard(), &QClipboard::dataChanged, this, [this] {
    if (!fingerprint_.isEmpty() && !stillOurs()) forget();
  });
}

ClipboardGuard::~ClipboardGuard() {
  if (qApp && stillOurs()) QGuiApplication::clipboard()->clear();
}

void ClipboardGuard::copySecret(const QString& value, Kind kind, qint64 lifeMs) {
  kind_ = kind;
  fingerprint_ = fingerprintOf(value);
  deadline_.setRemainingTime(qMax<qint64>(0, lifeMs), Qt::PreciseTimer);
  auto* data = new QMimeData;
  data->setText(value);
  data->setData(QStringLiteral("x-kde-passwordManagerHint"), QByteArrayLiteral("secret"));
  QGuiApplication::clipboard()->setMimeData(data);
  tick();
}

void ClipboardGuard::copyPlain(const QString& text) {
  fingerprint_.clear();
  QGuiApplication::clipboard()->setText(text);
  forget();
}

bool ClipboardGuard::holdsSecret() const { return !fingerprint_.isEmpty(); }

int ClipboardGuard::secondsLeft() const {
  return holdsSecret() ? static_cast<int>((deadline_.remainingTime() + 999) / 1000) : 0;
}

void ClipboardGuard::clearNow() {
  const bool ours = stillOurs();
  forget();
  if (ours) QGuiApplication::clipboard()->clear();
}

bool ClipboardGuard::stillOurs() const {
  return !fingerprint_.isEmpty() && fingerprintOf(QGuiApplication::clipboard()->text()) == fingerprint_;
}

void ClipboardGuard::forget() {
  ticker_.stop();
  fingerprint_.clear();
  Q_EMIT changed();
}

void ClipboardGuard::tick() {
  const qint64 left = deadline_.remainingTime();
  if (left <= 0) return clearNow();
  // To the next whole second, so that the words count down evenly.
  ticker_.start(static_cast<int>((left - 1) % 1000 + 1));
  Q_EMIT changed();
}

}  // namespace vx11::ui
