#include "pages/token_snippets.h"

#include <QUrl>

namespace vx11::ui::tokens {
namespace {

QString streamUrl(const QUrl& instance) {
  QString base = instance.toString(QUrl::RemoveUserInfo | QUrl::RemovePath | QUrl::RemoveQuery | QUrl::RemoveFragment);
  return base + QStringLiteral("/operator/api/events/stream?token=");
}

}  // namespace

QString streamCurl(const QUrl& instance, const QString& token) {
  return QStringLiteral("curl -N '%1%2'").arg(streamUrl(instance), token);
}

QString eventSource(const QUrl& instance, const QString& token) {
  const QString url = token.isEmpty() ? QStringLiteral("'%1' + token").arg(streamUrl(instance))
                                      : QStringLiteral("'%1%2'").arg(streamUrl(instance), token);
  return QStringLiteral("const source = new EventSource(%1);\n"
                        "source.addEventListener('snapshot', (event) => console.log('snapshot', event.data));\n"
                        "source.onmessage = (event) => console.log(event.lastEventId, event.data);\n"
                        "source.onerror = () => console.log('closed; state', source.readyState);\n").arg(url);
}

}  // namespace vx11::ui::tokens
