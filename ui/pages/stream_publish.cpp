#include "pages/stream_publish.h"

#include <QHBoxLayout>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpression>

#include "dialogs/dangerous.h"
#include "pages/token_sentences.h"
#include "widgets/metrics.h"

namespace vx11::ui {
namespace {

constexpr int nameWidth = 132, longestName = 64, longestData = 48 * 1024;

}  // namespace

StreamPublish::StreamPublish(cluster::Cluster& cluster, QWidget* parent)
    : QWidget(parent), cluster_(cluster), name_(new QLineEdit), data_(new QLineEdit), publish_(new QPushButton(tr("Publish"))) {
  name_->setPlaceholderText(tr("Event"));
  name_->setAccessibleName(tr("Name of the event"));
  name_->setMaxLength(longestName);
  name_->setFixedWidth(nameWidth);
  data_->setPlaceholderText(tr("Data: JSON or a text"));
  data_->setAccessibleName(tr("Data of the event"));
  data_->setMaxLength(longestData);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(metrics::space8);
  row->addWidget(name_);
  row->addWidget(data_, 1);
  row->addWidget(publish_);
  connect(name_, &QLineEdit::textChanged, this, &StreamPublish::refresh);
  for (QLineEdit* field : {name_, data_}) connect(field, &QLineEdit::returnPressed, this, &StreamPublish::publish);
  connect(publish_, &QPushButton::clicked, this, &StreamPublish::publish);
  refresh();
}

QJsonValue StreamPublish::dataOf(const QString& typed) {
  // A document is an object or an array; any value is one in an array.
  const auto read = QJsonDocument::fromJson('[' + typed.toUtf8() + ']');
  const QJsonArray values = read.array();
  return values.size() == 1 ? values.first() : QJsonValue(typed);
}

QString StreamPublish::whyNotName(const QString& name) {
  if (name.isEmpty()) return tr("Name the event first.");
  const QRegularExpression allowed(QStringLiteral("\\A[A-Za-z0-9._-]{1,64}\\z"));
  if (!allowed.match(name).hasMatch()) return tr("A name is 1 to 64 letters, digits, dots, dashes and underscores.");
  const QStringList own{QStringLiteral("snapshot"), QStringLiteral("heartbeat"), QStringLiteral("reset"),
                        QStringLiteral("revoked"), QStringLiteral("drain")};
  return own.contains(name) ? tr("%1 is an event of the service’s own.").arg(name) : QString();
}

void StreamPublish::refresh() {
  QString why = tokens::whyNoChange(cluster_);
  if (why.isEmpty()) why = job_ ? tr("An event is being published.") : whyNotName(name_->text());
  publish_->setEnabled(why.isEmpty());
  publish_->setToolTip(why.isEmpty() ? tr("To every stream that this instance, or its Redis, serves") : why);
}

void StreamPublish::publish() {
  refresh();
  if (!publish_->isEnabled()) return Q_EMIT message(publish_->toolTip());
  const cluster::PublishSpec spec{name_->text(), dataOf(data_->text()), slot_};
  Confirmation question;
  question.title = tr("Publish an event");
  question.question = tr("Publish %1 to every stream of %2?").arg(spec.event, cluster_.profile().name);
  question.facts = {{tr("Told at once"), tr("every client that holds a stream")}, {tr("Undo"), tr("not possible")}};
  question.verb = tr("Publish 1 event");
  dangerous::ask(this, cluster_, question, dangerous::Asks::InProduction, [this, spec] { send(spec); });
}

void StreamPublish::send(const cluster::PublishSpec& spec) {
  job_ = cluster_.publish(spec);
  if (!job_) return Q_EMIT message(tr("Nothing can be published on this cluster."));
  connect(job_, &cluster::PublishJob::finished, this, [this, spec](const cluster::PublishOutcome& outcome) {
    job_.clear();
    refresh();
    Q_EMIT message(outcome.failure ? tr("%1 not published. %2").arg(spec.event, tokens::failure(outcome.failure))
                                   : tr("Published %1 on %2").arg(spec.event, tokens::instanceName(cluster_, outcome.slot)));
  });
  refresh();
}

}  // namespace vx11::ui
