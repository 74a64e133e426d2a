#include "shell/verbs.h"

#include <QUrl>

namespace vx11::ui {

Verbs::Verbs(const Services& services, QObject* parent) : QObject(parent), services_(services) {}

void Verbs::copyPrincipal() {
  const Secret principal = services_.cluster.localPrincipal();
  if (principal.empty()) return;
  const std::string_view text = principal.reveal();
  services_.clipboard.copySecret(QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())),
                                 ClipboardGuard::Kind::Principal, principalLifeMs);
}

void Verbs::copyAddress() {
  const auto& instances = services_.cluster.instances();
  if (instances.isEmpty()) return;
  const QString address = instances.first().url.toString(QUrl::StripTrailingSlash);
  services_.clipboard.copyPlain(address);
  Q_EMIT message(tr("Copied %1").arg(address));
}

}  // namespace vx11::ui
