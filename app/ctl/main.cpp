// vx11ctl: what the console's buttons do, from a shell.
#include <csignal>

#include "ctl/commands/commands.h"
#include "ctl/program.h"

int main(int argc, char** argv) {
  // Who reads the results may go; what is half done is put back all the same.
  std::signal(SIGPIPE, SIG_IGN);
  QCoreApplication application(argc, argv);
  QCoreApplication::setApplicationName(QStringLiteral("vx11ctl"));
  QCoreApplication::setApplicationVersion(QStringLiteral(VX11_VERSION));
  return vx11::ctl::runProgram(application, QCoreApplication::arguments().mid(1), vx11::ctl::allCommands());
}
