#include "ctl/program.h"

#include <QTimer>
#include <algorithm>

#include "ctl/arrival.h"
#include "ctl/connection.h"
#include "ctl/words.h"
#include "process/shutdown_signals.h"

namespace vx11::ctl {
namespace {

QList<OptionSpec> commonOptions() {
  return connectionOptions() +
         QList<OptionSpec>{
             {QStringLiteral("--json"), {}, tr("results as one JSON document, or a line an event")},
             {QStringLiteral("--help"), {}, tr("this, or what a command takes; also: vx11ctl help COMMAND")},
             {QStringLiteral("--version"), {}, tr("the program's version")},
         };
}

/// Where the second column begins: `revoke TOKEN|--id ID|--all` is the widest entry of the first.
constexpr int helpColumn = 27;

void appendRow(QString& text, const QString& left, const QString& right) {
  text += QStringLiteral("  %1 %2\n").arg(left, -helpColumn).arg(right);
}

void appendOptions(QString& text, const QList<OptionSpec>& options) {
  for (const OptionSpec& option : options) {
    appendRow(text, option.value.isEmpty() ? option.name : option.name + u' ' + option.value, option.help);
  }
}

int wrongUse(Output& output, const QString& sentence, const QString& command) {
  output.note(sentence);
  output.note(command.isEmpty() ? tr("vx11ctl --help lists commands and options")
                                : tr("vx11ctl %1 --help says what it takes").arg(command));
  return static_cast<int>(Exit::WrongUse);
}

/// Members that are known by the registry's word alone.
void tellOfUntrusted(const cluster::Cluster& cluster, Output& output) {
  const QList<QUrl> pending = cluster.pendingAcceptance();
  for (const QUrl& url : pending) {
    output.note(tr("%1 was discovered and gets public calls only; --trust-discovered sends it the principal")
                    .arg(url.toString()));
  }
}

/// From the opened cluster to the command's end.
int work(QCoreApplication& application, Command& command, cluster::Cluster& cluster, Output& output, bool awaits) {
  const process::ShutdownSignals signals_;
  QObject::connect(&signals_, &process::ShutdownSignals::requested, &command, &Command::interrupt);
  QObject::connect(&command, &Command::finished, &application, &QCoreApplication::exit);
  output.onClosed([&command] { QTimer::singleShot(0, &command, &Command::interrupt); });
  if (!awaits) {
    QTimer::singleShot(0, &command, [&] { command.run(cluster); });
    return QCoreApplication::exec();
  }
  Arrival arrival(cluster);
  QObject::connect(&arrival, &Arrival::over, &command, [&] {
    tellOfUntrusted(cluster, output);
    for (const QString& why : {cluster.whyNotDiscovered(), cluster.discoveryDoubt()}) {
      if (!why.isEmpty()) output.note(why);
    }
    command.run(cluster);
  });
  return QCoreApplication::exec();
}

}  // namespace

QString helpText(const QList<CommandSpec>& commands, const QString& command) {
  QString text;
  const auto found =
      std::find_if(commands.begin(), commands.end(), [&](const auto& each) { return each.shape.name == command; });
  if (found != commands.end()) {
    const CommandShape& shape = found->shape;
    const QString call = QString(shape.name + u' ' + shape.words).trimmed();
    text = tr("Usage: vx11ctl [options] %1\n%2\n").arg(call, shape.summary);
    if (!shape.options.isEmpty()) text += u'\n';
    appendOptions(text, shape.options);
  } else {
    text = tr("Usage: vx11ctl [options] COMMAND\nDoes from a shell what the console's buttons do.\n\n");
    for (const CommandSpec& each : commands) {
      appendRow(text, QString(each.shape.name + u' ' + each.shape.words).trimmed(), each.shape.summary);
    }
  }
  text += tr("\nOptions of every command:\n");
  appendOptions(text, commonOptions());
  text +=
      tr("\nThe exit code is 0: it worked; 1: the answer is no; 2: wrong use; 3: what it needed can't be reached.\n");
  return text;
}

int runProgram(QCoreApplication& application, const QStringList& words, const QList<CommandSpec>& commands) {
  QList<CommandShape> shapes;
  for (const CommandSpec& each : commands) shapes.append(each.shape);
  const CommandLine line = readCommandLine(words, commonOptions(), shapes);
  const Arguments& arguments = line.arguments;
  Output output(stdout, stderr, arguments.has(QStringLiteral("--json")));
  if (!line.error.isEmpty()) return wrongUse(output, line.error, {});

  if (arguments.has(QStringLiteral("--help"))) {
    std::fputs(qUtf8Printable(helpText(commands, line.command)), stdout);
    return 0;
  }
  if (arguments.has(QStringLiteral("--version"))) {
    std::fputs(qUtf8Printable(QStringLiteral("vx11ctl %1\n").arg(QCoreApplication::applicationVersion())), stdout);
    return 0;
  }
  if (line.command.isEmpty()) return wrongUse(output, tr("a command is missing"), {});

  const auto spec =
      std::find_if(commands.begin(), commands.end(), [&](const auto& each) { return each.shape.name == line.command; });
  const auto command = spec->make(output);
  if (const QString error = command->read(arguments); !error.isEmpty()) return wrongUse(output, error, line.command);
  Connection connection;
  if (!spec->opensOwn) connection = readConnection(arguments, spec->needs);
  if (!connection.error.isEmpty()) return wrongUse(output, connection.error, line.command);
  for (const QString& warning : connection.warnings) output.note(warning);
  if (!spec->opensOwn && spec->needs.discovery && connection.principal.empty()) {
    output.note(
        tr("without a principal (VX11_OPERATOR_TOKEN, --principal-file) an instance tells little, and not of the "
           "others"));
  }
  const auto cluster = command->open(connection);
  const int code = work(application, *command, *cluster, output, !spec->opensOwn);
  return output.failed() && code == static_cast<int>(Exit::Worked) ? static_cast<int>(Exit::Unreachable) : code;
}

}  // namespace vx11::ctl
