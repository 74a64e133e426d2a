#include "shell/status_bar.h"

#include <QHBoxLayout>
#include <QStyle>
#include <QToolButton>
#include <algorithm>

#include "cluster/alert_watch.h"
#include "pages/alert_words.h"
#include "platform/icons.h"
#include "shell/action_registry.h"
#include "shell/cluster_words.h"
#include "shell/edge_line.h"
#include "widgets/elided_label.h"
#include "widgets/format.h"
#include "widgets/icon_label.h"
#include "widgets/link_button.h"
#include "widgets/metrics.h"
#include "widgets/text_label.h"

namespace vx11::ui {
namespace {

constexpr int barHeight = 25, messageMs = 10'000;  // and the line above it

}  // namespace

StatusBar::StatusBar(const Services& services, ActionRegistry& actions, QWidget* parent)
    : QWidget(parent),
      services_(services),
      actions_(actions),
      alerts_(makeSwitch(QStringLiteral("dock.alerts"), QStringLiteral("bell"), tr("No alerts"))),
      instance_(new MarkLabel),
      redis_(new MarkLabel),
      lasting_(new TextLabel({}, FontRole::Label, Token::Text2)),
      address_(new TextLabel({}, FontRole::Fixed, Token::Text2)),
      tokens_(new TextLabel({}, FontRole::Label, Token::Text2)),
      streams_(new TextLabel({}, FontRole::Label, Token::Text2)),
      principal_(new LinkButton(tr("Copy principal"))),
      clipboardMark_(new IconLabel(QStringLiteral("clipboard-check"), 12)),
      message_(new ElidedLabel({}, FontRole::Label, Token::Text2)),
      clear_(new LinkButton(tr("Clear now"))),
      updated_(new TextLabel({}, FontRole::Label, Token::Text2)) {
  setFixedHeight(barHeight);
  setAccessibleName(tr("Status"));
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(metrics::space8, 0, metrics::space12, 0);
  row->setSpacing(metrics::space12);
  row->addWidget(makeSwitch(QStringLiteral("dock.log"), QStringLiteral("journal-text"), tr("Log")));
  addSeparated(row, alerts_);
  if (services.cluster.profile().environment == cluster::Environment::Production)
    addSeparated(row, new TextLabel(tr("PRODUCTION"), FontRole::BodyStrong, Token::Text2));
  lastingLine_ = addSeparated(row, lasting_);
  redisLine_ = addSeparated(row, redis_);
  addSeparated(row, instance_);
  addressLine_ = addSeparated(row, address_);
  for (QWidget* widget :
       {static_cast<QWidget*>(tokens_), static_cast<QWidget*>(streams_), static_cast<QWidget*>(principal_)})
    givingWay_ << addSeparated(row, widget) << widget;
  message_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  row->addWidget(clipboardMark_, 0, Qt::AlignVCenter);
  row->addWidget(message_, 1);
  row->addWidget(clear_);
  addSeparated(row, updated_);

  principal_->setToolTip(actions.get(QStringLiteral("copy.principal"))->toolTip());
  connect(principal_, &QAbstractButton::clicked, actions.get(QStringLiteral("copy.principal")), &QAction::trigger);
  connect(clear_, &QAbstractButton::clicked, &services_.clipboard, &ClipboardGuard::clearNow);
  fade_.setSingleShot(true);
  connect(&fade_, &QTimer::timeout, this, [this] { showMessage({}); });
  connect(&services_.clipboard, &ClipboardGuard::changed, this, &StatusBar::refreshMessage);
  connect(&services_.cluster, &cluster::Cluster::instanceChanged, this, &StatusBar::refreshCluster);
  connect(&services_.cluster, &cluster::Cluster::instancesChanged, this, &StatusBar::refreshCluster);
  connect(&services_.cluster, &cluster::Cluster::redisChanged, this, &StatusBar::refreshCluster);
  if (services_.alerts)
    connect(services_.alerts, &cluster::AlertWatch::changed, this, &StatusBar::refreshAlerts);
  refreshPlaces();
  refreshCluster();
  refreshMessage();
  refreshAlerts();
}

void StatusBar::refreshAlerts() {
  const QString words = alerts::countWords(services_.alerts);
  // Of what somebody has seen only the number stays.
  const QList<cluster::Alert> alerts = services_.alerts ? services_.alerts->alerts() : QList<cluster::Alert>();
  const bool fires = std::any_of(alerts.begin(), alerts.end(), [](const cluster::Alert& alert) {
    return alert.firing && !alert.silenced && !alert.acknowledged;
  });
  if (alerts_->text() == words && alerts_->property("alarm").toBool() == fires) return;
  alerts_->setText(words);
  alerts_->setAccessibleName(words);
  alerts_->setIcon(themedIcon(fires ? QStringLiteral("bell-fill") : QStringLiteral("bell"), fires ? Token::Crit : Token::Text));
  if (alerts_->property("alarm").toBool() == fires) return;
  alerts_->setProperty("alarm", fires);
  alerts_->style()->unpolish(alerts_);
  alerts_->style()->polish(alerts_);
}

void StatusBar::setLasting(const QString& text) {
  if (lasting_->text() == text) return;
  lasting_->setText(text);
  refreshPlaces();
}

void StatusBar::refreshPlaces() {
  const bool lasts = !lasting_->text().isEmpty();
  lasting_->setVisible(lasts);
  lastingLine_->setVisible(lasts);
  for (QWidget* widget : std::as_const(givingWay_)) widget->setVisible(!lasts);
  if (services_.cluster.localPrincipal().empty()) principal_->hide();
}

void StatusBar::showMessage(const QString& text) {
  last_ = text;
  text.isEmpty() ? fade_.stop() : fade_.start(messageMs);
  refreshMessage();
}

QString StatusBar::message() const { return message_->text(); }

QToolButton* StatusBar::makeSwitch(const QString& id, const QString& icon, const QString& text) {
  auto* button = new QToolButton;
  QAction* action = actions_.get(id);
  button->setProperty("bare", true);
  button->setText(text);
  button->setIcon(themedIcon(icon, Token::Text));
  button->setIconSize({12, 12});
  button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  button->setFont(services_.themes.theme().font(FontRole::Label));
  button->setFocusPolicy(Qt::TabFocus);
  button->setCheckable(true);
  button->setToolTip(action->toolTip());
  button->setAccessibleName(text);
  connect(button, &QToolButton::clicked, action, &QAction::trigger);
  connect(action, &QAction::toggled, button, &QToolButton::setChecked);
  return button;
}

QWidget* StatusBar::addSeparated(QHBoxLayout* row, QWidget* widget) {
  auto* line = new EdgeLine(Qt::Vertical);
  line->setFixedHeight(14);
  row->addWidget(line);
  row->addWidget(widget);
  return line;
}

void StatusBar::refreshCluster() {
  const auto& instances = services_.cluster.instances();
  const auto condition = words::instances(instances);
  instance_->setMark(condition.mark, condition.text);
  const auto redis = words::redis(services_.cluster);
  redis_->setVisible(redis.has_value());
  redisLine_->setVisible(redis.has_value());
  if (redis) redis_->setMark(redis->mark, redis->text);
  const bool one = instances.size() == 1;
  address_->setVisible(one);
  addressLine_->setVisible(one);
  address_->setText(one ? format::address(instances.first().url) : QString());
  tokens_->setText(words::tokens(services_.cluster));
  streams_->setText(words::streams(instances));
  updated_->setText(words::updated(instances));
}

void StatusBar::refreshMessage() {
  const ClipboardGuard& clipboard = services_.clipboard;
  const bool secret = clipboard.holdsSecret();
  clipboardMark_->setVisible(secret);
  clear_->setVisible(secret);
  if (!secret) return message_->setText(last_);
  const QString left = format::duration(clipboard.secondsLeft());
  message_->setText(clipboard.kind() == ClipboardGuard::Kind::Token
                        ? tr("Token copied, leaves the clipboard with its end in %1").arg(left)
                        : tr("Principal copied, leaves the clipboard in %1").arg(left));
}

}  // namespace vx11::ui
