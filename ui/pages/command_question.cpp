#include "pages/command_question.h"

#include <QCoreApplication>
#include <utility>

#include "cluster/command_consents.h"
#include "cluster/typed_command.h"
#include "dialogs/confirm_dialog.h"

namespace vx11::ui {
namespace {

struct Words {
  Q_DECLARE_TR_FUNCTIONS(CommandQuestion)
};

/// A line break in a word would hide what follows it.
QString shown(const QStringList& command) {
  return cluster::typed::lineOf(command).replace(u'\n', QStringLiteral("\\n")).replace(u'\r', QStringLiteral("\\r"));
}

Confirmation question(const QList<QStringList>& commands) {
  const auto count = commands.size();
  Confirmation asked;
  asked.title = count == 1 ? Words::tr("Run a command") : Words::tr("Run commands");
  asked.question = count == 1 ? Words::tr("Run this command on this machine for the first time?")
                              : Words::tr("Run these %1 commands on this machine for the first time?").arg(count);
  for (const QStringList& command : commands) asked.facts.append({Words::tr("Command"), shown(command)});
  asked.facts.append({Words::tr("Run"), Words::tr("without a shell, with your rights, in this operation and later ones")});
  asked.facts.append({Words::tr("Asked again"), Words::tr("when a word of it is changed")});
  asked.verb = count == 1 ? Words::tr("Allow 1 command") : Words::tr("Allow %1 commands").arg(count);
  asked.icon = QStringLiteral("terminal");
  asked.note = Words::tr("Its output is in the log.");
  return asked;
}

}  // namespace

void askToRun(QWidget* parent, const cluster::CommandConsents* consents, const QList<QStringList>& commands,
              std::function<void(const QString&)> go) {
  const QList<QStringList> unknown = consents == nullptr ? QList<QStringList>() : consents->unconfirmed(commands);
  if (unknown.isEmpty()) return go({});
  ConfirmDialog::ask(parent, question(unknown), [consents = *consents, unknown, go = std::move(go)] {
    const auto kept = consents.confirm(unknown);
    go(kept.has_error() ? kept.error() : QString());
  });
}

}  // namespace vx11::ui
