/**
 * A program for Perl without any module, which starts in a third of the time that curl takes: its arguments are the path of
 * the socket, a limit in seconds, the path of the request, and the project or nothing. It sends standard input in one
 * request once it is connected, and prints the body of the answer and, in a last line, its status. Without a whole answer
 * it prints the reason at most and ends with the codes of curl: 7 where nobody listens, 28 for no answer in time, 18 or 52
 * for an answer that was broken off.
 */
export function perlClient(projectHeader: string): string {
  return `$SIG{ALRM} = sub { exit 28 };
$SIG{PIPE} = "IGNORE";
($sock, $limit, $path, $project) = @ARGV;
alarm $limit;
$address = pack $^O =~ /bsd|darwin|dragonfly/ ? "xCa*x" : "Sa*x", 1, $sock;
socket(S, 1, 1, 0) && connect(S, $address) or exit 7;
binmode $_ for STDIN, STDOUT, S;
undef $/;
$body = <STDIN>;
$body = "" unless defined $body;
$head = "POST $path HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\nContent-Type: application/json\\r\\n";
$head .= "${projectHeader}: $project\\r\\n" if $project ne "" && $project !~ /[\\r\\n]/;
$question = $head . "Content-Length: " . length($body) . "\\r\\n\\r\\n" . $body;
# The answer may come before the question is read: a service that refuses it says why.
for ($sent = 0; $sent < length $question; $sent += $n) {
  $n = syswrite S, $question, length($question) - $sent, $sent;
  last unless defined $n;
}
($answer, $end, $whole) = ("", -1, -1);
while (sysread S, $answer, 1048576, length $answer) {
  if ($end < 0) {
    $end = index $answer, "\\r\\n\\r\\n";
    $whole = $end + 4 + $1 if $end >= 0 && substr($answer, 0, $end) =~ /\\r\\nContent-Length: *(\\d{1,12})/i;
  }
  last if $whole >= 0 && length $answer >= $whole;
}
exit 52 if $end < 0 || $answer !~ /\\AHTTP\\/1\\.\\d (\\d{3})/;
$status = $1;
# A refusal may come without its length; an answer that counts may not.
$whole = length $answer if $whole < 0 && $status != 200;
exit 18 if $whole < 0 || length $answer < $whole;
print substr($answer, $end + 4, $whole - $end - 4), "\\n$status";`;
}
