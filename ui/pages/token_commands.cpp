#include "pages/token_commands.h"

#include <QAction>

#include "dialogs/dangerous.h"
#include "models/token_table_model.h"
#include "models/token_words.h"
#include "pages/overview_words.h"
#include "pages/rollback_shell.h"
#include "pages/token_reveal.h"
#include "pages/token_sentences.h"
#include "pages/token_snippets.h"
#include "pages/token_table_view.h"
#include "widgets/format.h"

namespace vx11::ui {
namespace {

constexpr int mostRowsCopied = 1000;

}  // namespace

TokenCommands::TokenCommands(const Services& services, TokenTableModel& model, TokenTableView& view,
                             TokenReveal& reveal, QWidget* page)
    : QObject(page), services_(services), model_(model), view_(view), reveal_(reveal), page_(page) {
  QAction* copy = add(tr("Copy masked row"), QStringLiteral("Ctrl+C"), &TokenCommands::copyRows);
  copy->setShortcutContext(Qt::WidgetShortcut);  // in a field Ctrl+C copies the field's text
  add(tr("Copy value"), QStringLiteral("Ctrl+Shift+C"), &TokenCommands::copyValue);
  add(tr("Copy as curl"), QStringLiteral("Ctrl+Alt+C"), &TokenCommands::copyCurl);
  add(tr("Copy as EventSource"), QStringLiteral("Ctrl+Alt+E"), &TokenCommands::copyEventSource);
  add(tr("Reveal or hide"), QStringLiteral("Ctrl+Shift+R"), &TokenCommands::revealSelected);
  add(tr("Check"), {}, &TokenCommands::checkSelected);
  auto* line = new QAction(this);
  line->setSeparator(true);
  view_.addAction(line);
  QAction* revoke = add(tr("Revoke selected"), QStringLiteral("Del"), &TokenCommands::revokeSelected);
  revoke->setShortcutContext(Qt::WidgetWithChildrenShortcut);  // not while somebody chooses a page
  add(tr("Revoke all…"), QStringLiteral("Ctrl+Shift+Del"), &TokenCommands::revokeAll);
}

QAction* TokenCommands::add(const QString& text, const QString& keys, Command command) {
  auto* action = new QAction(text, this);
  action->setShortcut(QKeySequence(keys, QKeySequence::PortableText));
  action->setShortcutContext(Qt::WindowShortcut);  // while the page is in view
  connect(action, &QAction::triggered, this, command);
  view_.addAction(action);
  page_->addAction(action);
  return action;
}

// --- copying

const cluster::TokenRow* TokenCommands::selected() const {
  const auto ids = view_.selectedIds(2);
  return ids.size() == 1 ? model_.find(ids.first()) : nullptr;
}

std::optional<QString> TokenCommands::value(const cluster::TokenRow& row) const {
  const auto text = services_.cluster.tokens().value(row.id);
  if (!text) return std::nullopt;
  const auto bytes = text->reveal();
  return QString::fromLatin1(bytes.data(), static_cast<qsizetype>(bytes.size()));
}

/// Says why there is no value to work with.
void TokenCommands::refuse(const cluster::TokenRow* row) {
  if (row == nullptr) {
    Q_EMIT message(view_.selectedCount() == 0 ? tr("No token is selected") : tr("Select one token alone"));
  } else if (!words::alive(*row, services_.cluster.now())) {
    Q_EMIT message(tr("This token has ended"));
  } else {
    Q_EMIT message(tr("Only the value of a token issued from this console is known here"));
  }
}

void TokenCommands::copySecret(const cluster::TokenRow& row, const QString& text) {
  services_.clipboard.copySecret(text, ClipboardGuard::Kind::Token,
                                 std::max<qint64>(1, row.expiresAt - services_.cluster.now()));
  copied_ = row.id;
}

void TokenCommands::copyRows() {
  const auto ids = view_.selectedIds(mostRowsCopied);
  if (ids.isEmpty()) return refuse(nullptr);
  QStringList lines;
  for (const auto& id : ids) {
    const cluster::TokenRow* row = model_.find(id);
    if (row == nullptr) continue;
    QStringList cells;
    for (int column = 0; column < tokenColumnCount; ++column)
      cells << model_.text(*row, static_cast<TokenColumn>(column));
    lines << cells.join(u'\t');
  }
  services_.clipboard.copyPlain(lines.join(u'\n'));
  const int all = view_.selectedCount();
  Q_EMIT message(all > ids.size() ? tr("Copied the first %1 of %2 rows, masked; Export CSV takes all")
                                        .arg(format::count(ids.size()), format::count(all))
                 : ids.size() == 1 ? tr("Copied 1 row, masked")
                                   : tr("Copied %1 rows, masked").arg(format::count(ids.size())));
}

void TokenCommands::copyValue() {
  const cluster::TokenRow* row = selected();
  const auto text = row != nullptr ? value(*row) : std::nullopt;
  if (!text) return refuse(row);
  copySecret(*row, *text);
}

QUrl TokenCommands::urlOf(const cluster::TokenRow& row) const {
  const auto& instances = services_.cluster.instances();
  const QString issuer = model_.issuerText(row);
  for (const auto& info : instances) {
    if (info.id == issuer) return info.url;
  }
  return instances.isEmpty() ? QUrl(QStringLiteral("http://127.0.0.1:8011")) : instances.first().url;
}

void TokenCommands::copyCurl() {
  const cluster::TokenRow* row = selected();
  if (row == nullptr) return refuse(nullptr);
  if (const auto text = value(*row)) return copySecret(*row, tokens::streamCurl(urlOf(*row), *text));
  services_.clipboard.copyPlain(overview::streamCommand(urlOf(*row)));
  Q_EMIT message(tr("Copied the lines that issue a token with $VX11_OPERATOR_TOKEN and open its stream"));
}

void TokenCommands::copyEventSource() {
  const cluster::TokenRow* row = selected();
  if (row == nullptr) return refuse(nullptr);
  if (const auto text = value(*row)) return copySecret(*row, tokens::eventSource(urlOf(*row), *text));
  services_.clipboard.copyPlain(tokens::eventSource(urlOf(*row)));
  Q_EMIT message(tr("Copied an EventSource for a token of your own"));
}

void TokenCommands::revealSelected() {
  const cluster::TokenRow* row = selected();
  if (row == nullptr || !reveal_.toggle(row->id)) refuse(row);
}

void TokenCommands::follow(const cluster::TokenBatch& batch) {
  if (!copied_) return;
  const auto dead = [this](const cluster::TokenRow& row) {
    return row.id == *copied_ && row.state != cluster::TokenState::Live;
  };
  const bool over = batch.gone.contains(*copied_) || std::any_of(batch.changed.begin(), batch.changed.end(), dead) ||
                    std::any_of(batch.added.begin(), batch.added.end(), dead);
  if (!over) return;
  copied_.reset();
  if (services_.clipboard.kind() == ClipboardGuard::Kind::Token) services_.clipboard.clearNow();
}

// --- asking the instances

void TokenCommands::checkSelected() {
  const cluster::TokenRow* row = selected();
  const auto text = row != nullptr ? services_.cluster.tokens().value(row->id) : std::nullopt;
  if (!text) return refuse(row);
  if (check_) return;
  if (const QString why = tokens::whyNoAnswer(services_.cluster); !why.isEmpty()) return Q_EMIT message(why);
  check_ = services_.cluster.check(*text, -1);
  connect(check_, &cluster::CheckJob::finished, this,
          [this, id = row->id, masked = row->masked()](const QList<cluster::CheckAnswer>& answers) {
            check_.clear();
            QStringList says;
            for (const auto& answer : answers) {
              checks_.add(id, answer);
              says << tr("%1 %2").arg(tokens::instanceName(services_.cluster, answer.slot), tokens::verdict(answer));
            }
            Q_EMIT changed();
            Q_EMIT message(
                tr("Checked %1: %2").arg(masked, says.isEmpty() ? tr("no answer") : says.join(QStringLiteral(", "))));
          });
  Q_EMIT changed();
}

void TokenCommands::revoke(const cluster::RevokeSpec& spec) {
  auto* job = services_.cluster.revoke(spec);
  connect(job, &cluster::RevokeJob::finished, this,
          [this](const cluster::RevokeOutcome& outcome) { Q_EMIT message(tokens::revoked(outcome)); });
}

void TokenCommands::revokeSelected() {
  cluster::RevokeSpec spec;
  const qint64 now = services_.cluster.now();
  for (const auto& id : view_.selectedIds()) {
    if (const auto* row = model_.find(id); row != nullptr && words::alive(*row, now)) spec.ids << id;
  }
  if (spec.ids.isEmpty()) {
    return Q_EMIT message(view_.selectedCount() == 0 ? tr("No token is selected") : tr("What is selected has ended"));
  }
  if (const QString why = tokens::whyNoChange(services_.cluster); !why.isEmpty()) return Q_EMIT message(why);
  const bool one = spec.ids.size() == 1;
  const QString number = tokens::count(spec.ids.size());
  dangerous::ask(page_, services_.cluster,
                 {one ? tr("Revoke a token") : tr("Revoke selected tokens"),
                  tr("Revoke %1 on %2?").arg(number, services_.cluster.profile().name),
                  {{tr("Refused at once"), number},
                   {tr("Closed"), one ? tr("every stream opened with it") : tr("every stream opened with them")},
                   {tr("Undo"), tr("none; new tokens can be issued")}},
                  tr("Revoke %1").arg(number),
                  QStringLiteral("slash-circle")},
                 one ? dangerous::Asks::InProduction : dangerous::Asks::Always, [this, spec] { revoke(spec); });
}

void TokenCommands::revokeAll() {
  if (const QString why = tokens::whyNoChange(services_.cluster); !why.isEmpty()) return Q_EMIT message(why);
  const auto live = services_.cluster.tokens().liveCount();
  const QString name = services_.cluster.profile().name;
  const QString number = live == 1 ? tr("1 live token") : tr("%1 live tokens").arg(format::count(live));
  dangerous::ask(
      page_, services_.cluster,
      {tr("Revoke all tokens"),
       live == 1 ? tr("Revoke 1 live token on %1?").arg(name) : tr("Revoke all %1 on %2?").arg(number, name),
       {{tr("Refused at once"), tr("%1, and any issued before the answer").arg(number)},
        {tr("Closed"), tr("every stream opened with them")},
        {tr("Then"), tr("issuing goes on")},
        {tr("Undo"), tr("none; new tokens can be issued")}},
       tr("Revoke %1").arg(tokens::count(live)),
       QStringLiteral("slash-circle"),
       {},
       {},
       rollback::shellCommand(services_.cluster.profile(), services_.cluster.instances(),
                              {QStringLiteral("revoke"), QStringLiteral("--all")})},
      dangerous::Asks::Always, [this] {
        cluster::RevokeSpec spec;
        spec.all = true;
        revoke(spec);
      });
}

}  // namespace vx11::ui
