namespace DynamicToolset.Yaml;

/// <summary>
/// A text that ends where a document of it ends, until it is moved on to the next one: at a line that begins with <c>---</c>, which belongs to the
/// document behind it, or after a line with <c>...</c>. So a fault in one of them is not in the way of the others, and none is held as a whole.
/// </summary>
internal sealed class DocumentText(TextReader source) : TextReader
{
    private const int Block = 16 * 1024;
    private const char ByteOrderMark = '\uFEFF';

    /// <summary>What an object of Kubernetes has; a text without any of them before the first <c>---</c> is what a program said on its way.</summary>
    private static readonly string[] PartsOfObjects = ["apiVersion", "kind", "metadata", "items", "spec", "data", "{", "\"", "'", "-", "["];

    private readonly char[] _block = new char[Block];
    private int _next;
    private int _end;
    private int _lines;
    private int _column;
    private char _last;
    private bool _isLineKnown;
    private bool _hasContent;
    private bool _isAfterDashes;
    private bool _isOver = true;
    private bool _isFirst;
    private bool _isObject;
    private bool _isFollowed;

    /// <summary>Lines before the next character that is read.</summary>
    public int Lines => _lines;

    /// <summary>Characters before it in its line.</summary>
    public int Column => _column;

    /// <summary>The last line so far that is indented with a tab, and where in it.</summary>
    public YamlPosition? LastTab { get; private set; }

    /// <summary>Two braces were read, as in a template.</summary>
    public bool HasBraces { get; private set; }

    /// <summary>Something was read that is no blank.</summary>
    public bool HasText { get; private set; }

    /// <summary>Known when it is read to its end: it is before the first <c>---</c> and not an object, such as the progress of a download.</summary>
    public bool IsProgress => _isFirst && _isFollowed && !_isObject;

    /// <summary>Passes over what is left of the document. False where the text is at its end.</summary>
    public bool MoveNext()
    {
        bool isFirst = _lines == 0 && _column == 0;
        PassOver();
        if (!Has(1))
            return false;
        (_isFirst, _isOver, _hasContent, _isObject, _isFollowed, _isLineKnown) = (isFirst, false, false, false, false, false);
        (LastTab, HasBraces) = (null, false);
        return true;
    }

    public void PassOver()
    {
        while (Peek() is >= 0 and int c)
            Pass((char)c);
    }

    /// <summary>
    /// Whether it is JSON, and then moves on to where that begins. What has no quote behind its first brace is YAML.
    /// </summary>
    public bool MoveToJson()
    {
        int brace = 0;
        if (Has(4) && IsLine(0, "---", alone: true))
            brace = 3;
        brace = FirstText(brace);
        if (!IsAt(brace, '{') || FirstText(brace + 1) is var second && !IsAt(second, '"') && !IsAt(second, '}'))
            return false;
        while (Peek() is >= 0 and not '{')
            Read();
        return true;
    }

    public override int Peek()
    {
        if (_isOver)
            return -1;
        if (!_isLineKnown && _column == 0)
            LookAtLine();
        if (_isOver)
            return -1;
        if (Has(1))
            return _block[_next];
        _isOver = true;
        return -1;
    }

    /// A character that no text has; the parser would take it for the end, and the rest would be lost.
    public override int Read()
    {
        int c = Peek();
        if (c == 0)
            throw new YamlProblemException(new YamlProblem(new YamlPosition(_lines + 1, _column + 1), YamlFaults.NoText));
        if (c >= 0)
            Pass((char)c);
        return c;
    }

    public override int Read(Span<char> buffer)
    {
        int count = 0;
        while (count < buffer.Length && Read() is >= 0 and int c)
            buffer[count++] = (char)c;
        return count;
    }

    public override int Read(char[] buffer, int index, int count) => Read(buffer.AsSpan(index, count));

    private void Pass(char c)
    {
        _next++;
        HasBraces |= c == '{' && _last == '{';
        HasText |= !char.IsWhiteSpace(c);
        // As the parser counts them.
        if (c is '\n' or '\r' or '\u0085' or '\u2028' or '\u2029')
        {
            if (c != '\n' || _last != '\r')
                _lines++;
            _column = 0;
            _isLineKnown = false;
        }
        else
        {
            _column++;
        }

        _last = c;
    }

    private void LookAtLine()
    {
        _isLineKnown = true;
        // Files that were put together have one each.
        while (IsAt(0, ByteOrderMark) && (!_hasContent || _isAfterDashes || IsLine(1, "---", alone: false)))
            _next++;
        _isAfterDashes = false;
        if (IsLine(0, "...", alone: true))
            EndAfterDots();
        else if (IsLine(0, "---", alone: false))
            BeginOrEnd();
        else
            LookAtText();
    }

    private void EndAfterDots()
    {
        while (Has(1) && _block[_next] is not ('\n' or '\r'))
            Pass(_block[_next]);
        while (Has(1) && _block[_next] is '\n' or '\r')
            Pass(_block[_next]);
        _isOver = true;
    }

    private void BeginOrEnd()
    {
        if (_hasContent)
        {
            (_isOver, _isFollowed) = (true, true);
            return;
        }

        (_hasContent, _isAfterDashes) = (true, true);
        // kubectl takes a comment without the space before it.
        if (IsAt(3, '#'))
            (_next, _column) = (_next + 3, _column + 3);
    }

    private void LookAtText()
    {
        int text = 0;
        bool hasTab = false;
        for (; Has(text + 1) && _block[_next + text] is ' ' or '\t'; text++)
        {
            if (_block[_next + text] == '\t' && !hasTab)
                (LastTab, hasTab) = (new YamlPosition(_lines + 1, text + 1), true);
        }

        bool isText = Has(text + 1) && _block[_next + text] is not ('#' or '\n' or '\r');
        _hasContent |= isText && !(text == 0 && _block[_next] == '%');
        _isObject |= _isFirst && text == 0 && Array.Exists(PartsOfObjects, StartsWith);
    }

    private bool StartsWith(string word) => Has(word.Length) && _block.AsSpan(_next).StartsWith(word);

    private int FirstText(int from)
    {
        while (Has(from + 1) && _block[_next + from] is ' ' or '\t' or '\n' or '\r' or ByteOrderMark)
            from++;
        return from;
    }

    private bool IsLine(int at, string mark, bool alone)
    {
        if (!Has(at + mark.Length) || !_block.AsSpan(_next + at).StartsWith(mark))
            return false;
        return !Has(at + mark.Length + 1) || _block[_next + at + mark.Length] is '\n' or '\r' or ' ' or '\t' || (!alone && IsAt(at + mark.Length, '#'));
    }

    private bool IsAt(int offset, char c) => Has(offset + 1) && _block[_next + offset] == c;

    /// <summary>Whether so many characters follow, of at most a block.</summary>
    private bool Has(int count)
    {
        if (_end - _next >= count)
            return true;
        if (count > Block)
            return false;
        _block.AsSpan(_next, _end - _next).CopyTo(_block);
        (_next, _end) = (0, _end - _next);
        while (_end < count && source.Read(_block, _end, Block - _end) is > 0 and int read)
            _end += read;
        return _end >= count;
    }
}
