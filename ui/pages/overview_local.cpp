#include "pages/overview_local.h"

#include <QHBoxLayout>
#include <QToolTip>
#include <QVBoxLayout>

#include "widgets/elided_label.h"
#include "widgets/figure.h"
#include "widgets/icon_label.h"
#include "widgets/key_value.h"
#include "widgets/link_button.h"
#include "widgets/metrics.h"
#include "widgets/text_label.h"

namespace vx11::ui {
namespace {

constexpr qint64 principalClipboardMs = 30'000;

QString dots() { return QString(12, QChar(0x2022)); }

}  // namespace

LocalServerCard::LocalServerCard(const Services& services, int revealMs, QWidget* parent)
    : Card({}, parent),
      services_(services),
      tokens_(new Figure(tr("Live tokens"))),
      streams_(new Figure(tr("Streams"))),
      eye_(new IconButton(QStringLiteral("eye"), tr("Reveal the principal"))),
      copy_(new IconButton(QStringLiteral("clipboard"), tr("Copy principal"))),
      foot_(new ElidedLabel({}, FontRole::Label, Token::Text2)),
      menu_(new InstanceMenu) {
  auto* figures = new QHBoxLayout;
  figures->setSpacing(metrics::space8);
  figures->addWidget(tokens_, 1);
  figures->addWidget(streams_, 1);
  auto* facts = new KeyValueList;
  address_ = facts->add(tr("Address"), FontRole::Fixed);
  principal_ = facts->add(tr("Principal"), FontRole::Fixed);
  calls_ = facts->add(tr("Issue, check"));
  started_ = facts->add(tr("Started in"));
  for (IconButton* button : {eye_, copy_}) {
    button->setFixedSize(18, 22);  // narrow: the icon should end where the values do
    principal_->addAfter(button);
  }
  body()->addLayout(figures);
  body()->addWidget(facts);
  body()->addStretch(1);
  foot()->addWidget(foot_, 1);
  foot()->addWidget(menu_);

  hideTimer_.setSingleShot(true);
  hideTimer_.setInterval(revealMs);
  hidePrincipal();
  connect(&hideTimer_, &QTimer::timeout, this, &LocalServerCard::hidePrincipal);
  connect(eye_, &QAbstractButton::clicked, this, [this] {
    if (hideTimer_.isActive()) hidePrincipal();
    else revealPrincipal();
  });
  connect(copy_, &QAbstractButton::clicked, this, [this] {
    const Secret secret = services_.cluster.localPrincipal();
    const std::string_view value = secret.reveal();
    services_.clipboard.copySecret(QString::fromUtf8(value.data(), static_cast<qsizetype>(value.size())),
                                   ClipboardGuard::Kind::Principal, principalClipboardMs);
  });
  connect(menu_, &InstanceMenu::chosen, this, &LocalServerCard::chosen);
}

void LocalServerCard::display(const cluster::InstanceInfo& info, const overview::Look& look) {
  showInstanceState(*this, info);
  const QString age = overview::staleAge(info, look);
  setNote(age);
  tokens_->setCount(info.liveTokens);
  streams_->setCount(info.streams);
  tokens_->setStale(age);
  streams_->setStale(age);
  address_->setValue(info.url.toString(QUrl::RemovePath | QUrl::RemoveUserInfo));
  const bool none = info.issuedTotal == 0 && info.checkedTotal == 0;
  const bool unknown = !info.issuedTotal && !info.checkedTotal;
  if (none) calls_->setValue(tr("none yet"), Token::Text2);
  else if (unknown) calls_->setValue(format::unknown(), Token::Text3);
  else calls_->setValue(tr("%1, %2").arg(format::count(info.issuedTotal), format::count(info.checkedTotal)));
  calls_->setStale(age);
  started_->setQuantity(format::latencyParts(info.startupMs));
  foot_->setText(overview::footWords(info, look));
  menu_->setUnreachable(info.state == cluster::InstanceState::Unreachable);

  const bool has = !services_.cluster.localPrincipal().empty();
  const QString reason = has ? QString() : tr("This profile has no principal of its own.");
  eye_->setDisabledBecause(reason);
  copy_->setDisabledBecause(reason);
  if (!has) {
    hideTimer_.stop();
    principal_->setValue(tr("none"), Token::Text3);
  } else if (!hideTimer_.isActive()) {
    principal_->setValue(dots());
  }
}

void LocalServerCard::revealPrincipal() {
  const Secret secret = services_.cluster.localPrincipal();
  const std::string_view value = secret.reveal();
  principal_->setValue(QString::fromUtf8(value.data(), static_cast<qsizetype>(value.size())));
  eye_->setIconName(QStringLiteral("eye-slash"), tr("Hide the principal"));
  hideTimer_.start();
}

void LocalServerCard::hidePrincipal() {
  if (hideTimer_.isActive()) QToolTip::hideText();  // an elided principal stands whole in its tool tip
  hideTimer_.stop();
  principal_->setValue(dots());
  eye_->setIconName(QStringLiteral("eye"), tr("Reveal the principal"));
}

ShellCard::ShellCard(QWidget* parent) : Card(tr("From a shell"), parent), text_(new TextLabel({}, FontRole::Fixed)) {
  text_->setWordWrap(true);
  text_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  auto* hint = new QHBoxLayout;
  hint->setSpacing(metrics::space8);
  hint->addWidget(new IconLabel(QStringLiteral("info-circle"), 12, Token::Text3), 0, Qt::AlignVCenter);
  auto* words = new TextLabel(tr("Its value comes from Copy principal, below."), FontRole::Label, Token::Text2);
  words->setWordWrap(true);
  hint->addWidget(words, 1);
  body()->addWidget(text_);
  body()->addLayout(hint);
  body()->addStretch(1);
  connect(setHeaderLink(tr("Copy")), &QAbstractButton::clicked, this, [this] { Q_EMIT copyAsked(command_); });
}

void ShellCard::display(const QUrl& instance) {
  const QString command = overview::issueCommand(instance);
  if (command == command_) return;
  command_ = command;
  text_->setText(command);
}

}  // namespace vx11::ui
