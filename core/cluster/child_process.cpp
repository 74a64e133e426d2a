#include "cluster/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <limits>
#include <string_view>

#include "cluster/start_limits.h"
#include "token/secret.h"

namespace vx11::cluster {
namespace {

constexpr int cannotRun = 127;  // a shell's word for it
constexpr int endPollMs = 50;
constexpr qsizetype readAtOnce = 64 * 1024;  // then others have their turn
constexpr qsizetype readAtEnd = 256 * 1024;  // more than a pipe holds; a grandchild may go on for ever
constexpr std::size_t largestInput = 32 * 1024;

struct Pipe {
  ChildDescriptor read, write;
};

std::optional<Pipe> makePipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return std::nullopt;
  return Pipe{ChildDescriptor(ends[0]), ChildDescriptor(ends[1])};
}

std::vector<char*> pointersTo(const std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (const std::string& word : words) pointers.push_back(const_cast<char*>(word.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

void say(const char* text) { static_cast<void>(!::write(STDERR_FILENO, text, std::strlen(text))); }

/// Between fork and exec: only calls that are safe after a signal, for other threads' locks are held for ever here.
[[noreturn]] void becomeProgram(pid_t parent, int input, int output, const char* program, char* const* arguments,
                                char* const* environment) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(cannotRun);  // it ended before the line above
  ::setpgid(0, 0);                                // a Ctrl+C in our terminal is for us
  for (int signal = 1; signal < NSIG; ++signal) std::signal(signal, SIG_DFL);
  ::setrlimit(RLIMIT_NOFILE, &descriptorLimitAtStart());  // a server in this process may have raised it
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  // First above the three, in case one of them was closed in us and its number is in use here.
  const int in = ::fcntl(input, F_DUPFD_CLOEXEC, 3), out = ::fcntl(output, F_DUPFD_CLOEXEC, 3);
  ::dup2(in, STDIN_FILENO);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(out, STDERR_FILENO);
#ifdef CLOSE_RANGE_CLOEXEC
  ::close_range(3, std::numeric_limits<unsigned>::max(), CLOSE_RANGE_CLOEXEC);
#endif
  ::execve(program, arguments, environment);
  say(program);
  say(" can't be run: ");
  say(::strerrordesc_np(errno));
  say("\n");
  ::_exit(cannotRun);
}

QString systemWords(const char* what) {
  return QString::fromLatin1(what) + QStringLiteral(": ") + QString::fromLocal8Bit(std::strerror(errno));
}

}  // namespace

ChildProcess::Launch::~Launch() {
  for (std::string& variable : environment) wipe(variable.data(), variable.size());
  wipe(input.data(), input.size());
}

QString ChildProcess::End::text() const {
  if (signal == 0) return tr("It ended with exit code %1.").arg(exitCode);
  return tr("It was ended by signal %1 (%2).").arg(signal).arg(QString::fromLocal8Bit(::strsignal(signal)));
}

ChildProcess::ChildProcess(QObject* parent) : QObject(parent) {
  endTimer_.setInterval(endPollMs);
  lineTimer_.setSingleShot(true);
  lineTimer_.setInterval(1000);
  connect(&endTimer_, &QTimer::timeout, this, &ChildProcess::onEnd);
  connect(&lineTimer_, &QTimer::timeout, this, &ChildProcess::countDropped);
}

ChildProcess::~ChildProcess() {
  if (pid_ == 0) return;
  send(SIGKILL);
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) continue;
}

std::optional<QString> ChildProcess::start(const Launch& launch) {
  Q_ASSERT(pid_ == 0 && launch.input.size() <= largestInput);
  auto output = makePipe();
  auto input = makePipe();
  if (!output || !input) return systemWords("pipe");
  ::fcntl(output->read.get(), F_SETFL, O_NONBLOCK);
  // A pipe holds 64 KiB: this doesn't wait for a reader.
  if (::write(input->write.get(), launch.input.data(), launch.input.size()) < 0) return systemWords("write");
  input->write.close();

  std::vector<std::string> words{launch.name.empty() ? launch.program : launch.name};
  words.insert(words.end(), launch.arguments.begin(), launch.arguments.end());
  const auto arguments = pointersTo(words), environment = pointersTo(launch.environment);

  // No handler of ours may run in the child: it would speak into our pipes.
  sigset_t all, before;
  sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  const pid_t parent = ::getpid(), child = ::fork();
  if (child == 0) {
    becomeProgram(parent, input->read.get(), output->write.get(), launch.program.c_str(), arguments.data(),
                  environment.data());
  }
  const int fault = errno;
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (child < 0) {
    errno = fault;
    return systemWords("fork");
  }

  pid_ = child;
  output_ = std::move(output->read);
  outputNotifier_ = std::make_unique<QSocketNotifier>(output_.get(), QSocketNotifier::Read);
  connect(outputNotifier_.get(), &QSocketNotifier::activated, this, [this] { readOutput(readAtOnce); });
  watchEnd();
  return std::nullopt;
}

void ChildProcess::watchEnd() {
  pidfd_ = ChildDescriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
  if (!pidfd_.valid()) return endTimer_.start();
  endNotifier_ = std::make_unique<QSocketNotifier>(pidfd_.get(), QSocketNotifier::Read);
  connect(endNotifier_.get(), &QSocketNotifier::activated, this, &ChildProcess::onEnd);
}

void ChildProcess::send(int signal) const {
  if (pid_ > 0) ::kill(pid_, signal);  // ours until it is reaped: the number can't be another's
}

void ChildProcess::readOutput(qsizetype most) {
  QList<QByteArray> lines;
  std::array<char, 16 * 1024> bytes;
  for (qsizetype taken = 0; taken < most;) {
    const ssize_t size = ::read(output_.get(), bytes.data(), bytes.size());
    if (size < 0 && errno == EINTR) continue;
    if (size == 0 && outputNotifier_) outputNotifier_->setEnabled(false);
    if (size <= 0) break;
    taken += size;
    lines += lines_.add({bytes.data(), size});
  }
  if (lines.isEmpty()) return;
  if (!lineTimer_.isActive()) lineTimer_.start();
  Q_EMIT wrote(lines);
}

void ChildProcess::countDropped() {
  if (const qint64 count = lines_.nextInterval(); count > 0) Q_EMIT droppedLines(count);
}

std::optional<ChildProcess::End> ChildProcess::reap() {
  int status = 0;
  if (pid_ == 0 || ::waitpid(pid_, &status, WNOHANG) != pid_) return std::nullopt;
  pid_ = 0;
  endTimer_.stop();
  // One of them may be who calls.
  if (endNotifier_) {
    endNotifier_->setEnabled(false);
    endNotifier_.release()->deleteLater();
  }
  pidfd_.close();
  return WIFSIGNALED(status) ? End{-1, WTERMSIG(status)} : End{WEXITSTATUS(status), 0};
}

void ChildProcess::onEnd() {
  const auto end = reap();
  if (!end) return;
  readOutput(readAtEnd);
  if (const QByteArray rest = lines_.rest(); !rest.isEmpty()) Q_EMIT wrote({rest});
  lineTimer_.stop();
  countDropped();
  outputNotifier_.reset();
  output_.close();
  Q_EMIT ended(*end);
}

bool ChildProcess::waitForEnd(std::chrono::milliseconds longest) {
  if (pid_ == 0) return true;
  pollfd waiting{pidfd_.get(), POLLIN, 0};  // without one this just waits
  ::poll(&waiting, 1, static_cast<int>(longest.count()));
  return reap().has_value();
}

}  // namespace vx11::cluster
