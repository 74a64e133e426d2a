#include "pages/overview_steps.h"

#include <QFrame>
#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

#include "widgets/cap_button.h"
#include "widgets/divider.h"
#include "widgets/icon_label.h"
#include "widgets/link_button.h"
#include "widgets/metrics.h"
#include "widgets/text_label.h"

namespace vx11::ui {

FirstSteps::FirstSteps(QWidget* parent) : Card(tr("First steps"), parent) {
  body()->setContentsMargins(0, 0, 0, 0);
  body()->setSpacing(0);

  auto* issue = new CapButton(tr("Issue token"), QStringLiteral("plus"), QStringLiteral("Ctrl+N"));
  issue->setPrimary(true);
  issue_ = issue;
  addStep(
      QStringLiteral("key"), tr("Issue your first token"),
      tr("It lives 60 s. Watch it count down on the Tokens page, then copy it as curl or as an EventSource snippet."),
      issue);
  auto* stream = new QPushButton(tr("Copy curl"));
  addStep(
      QStringLiteral("broadcast"), tr("Open a stream with it"),
      tr("The command issues a token and opens a stream with it, as a browser would; heartbeats arrive in the shell."),
      stream);
  cluster_ = new QPushButton(tr("Try a cluster"));
  clusterWhy_ = addStep(QStringLiteral("grid-3x3"), tr("See why a second instance changes everything"),
                        tr("Start three instances and a Redis here, and check each token on each of them."), cluster_);
  auto* connection = new QPushButton(tr("Add connection…"));
  addStep(QStringLiteral("plug"), tr("Connect to a cluster you run"),
          tr("Instance addresses, a principal, and if you have one a Redis address. Secrets last for this run only."),
          connection);
  body()->addStretch(1);

  connect(issue_, &QAbstractButton::clicked, this, &FirstSteps::issueRequested);
  connect(stream, &QAbstractButton::clicked, this, &FirstSteps::streamCommandRequested);
  connect(cluster_, &QAbstractButton::clicked, this, &FirstSteps::clusterRequested);
  connect(connection, &QAbstractButton::clicked, this, &FirstSteps::connectionRequested);
  connect(setHeaderLink(tr("Hide")), &QAbstractButton::clicked, this, &FirstSteps::hideRequested);
}

void FirstSteps::setIssueDisabledBecause(const QString& reason) {
  issue_->setEnabled(reason.isEmpty());
  issue_->setToolTip(reason);
}

void FirstSteps::setClusterDisabledBecause(const QString& reason) {
  cluster_->setEnabled(reason.isEmpty());
  cluster_->setToolTip(reason);
  cluster_->setAccessibleDescription(reason);
  clusterWhy_->setText(reason);
  clusterWhy_->setVisible(!reason.isEmpty());
}

TextLabel* FirstSteps::addStep(const QString& icon, const QString& title, const QString& sentence,
                               QAbstractButton* button) {
  if (!first_) body()->addWidget(new Divider);
  first_ = false;
  auto* words = new QVBoxLayout;
  words->setSpacing(2);
  words->addWidget(new TextLabel(title, FontRole::CardTitle));
  auto* text = new TextLabel(sentence, FontRole::Body, Token::Text2);
  text->setWordWrap(true);
  words->addWidget(text);
  auto* note = new TextLabel({}, FontRole::Label, Token::Text3);
  note->setWordWrap(true);
  note->hide();
  words->addWidget(note);
  words->addStretch(1);
  auto* row = new QHBoxLayout;
  row->setContentsMargins(metrics::space16, metrics::space16, metrics::space16, metrics::space16);
  row->setSpacing(metrics::space16);
  row->addWidget(new IconLabel(icon, 20, Token::Text2), 0, Qt::AlignTop);
  row->addLayout(words, 1);
  row->addWidget(button, 0, Qt::AlignTop);
  button->setAccessibleName(QStringLiteral("%1: %2").arg(title, button->text()));
  body()->addLayout(row);
  return note;
}

}  // namespace vx11::ui
