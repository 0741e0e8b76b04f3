"""Questions that a command answers: 谁没收到, E1 报了没有, 明天谁带班, 东柳村谁负责, 胡志荣电话多少."""

import re
import unicodedata

from domain.pattern import Pattern

_NOW = r"(?:现在|目前|当前|到底|这会儿?|此刻)?"
_END = r"[了呢啊呀吗么嘛的?!。 ]*"
_ASKS = r"什么|啥|怎么|咋|谁|哪|几[点个]|多少|(?:吗|么|呢|没有?|\?)[?!。 ]*$"
_NUMBER = Pattern(
    r"(?:查看?|看看?|看一下|查一下|问一下|问下)?\s*(?P<number>[EWTHRSQ]\s?\d{1,9})\s*(?P<asked>.*)",
    re.IGNORECASE,
)
_ABOUT = Pattern(
    r"(?:现在|目前|到底|都|还|已经?|是|有|处理|处置|进展|情况|状态|进度|报告|上报|报|签发|签字|签|下发|发出?去?|发|送|收到|确认"
    r"|应答|回复|回|办结|办完|办|完成|完|结束|解除|传达|通知|到|领导|上级|区里|谁|哪里|哪儿|哪些?|几点|几个|多少|什么|啥|怎么|咋"
    r"|样|时候|时间|回事|了|没有?|吗|么|呢|的|给|人|单位|村|网格|在|看看|看一下|[\s?!,，。])*"
)
_SILENT = Pattern(
    rf"{_NOW}(?:还|都)?(?:有|是)?(?:谁|哪些|哪几个|多少|几个)(?:人|单位|村|网格|责任人)?(?:还|都)?(?:没有?|未)"
    rf"(?:收到|应答|答复?|回复?|签收|确认|叫应|叫通|反馈){_END}"
    rf"|(?:没有?|未)(?:收到|应答|回复?|签收|叫应|叫通)的?(?:都|还)?(?:有|是)?(?:谁|哪些|哪几个|多少)?(?:人|单位|村|网格)?{_END}"
    rf"|(?:催|叫)(?:一下|一遍|催|下)?(?:还)?(?:没有?|未)(?:收到|应答|回复?|叫应)的?(?:人|单位)?{_END}"
    rf"|(?:W\d{{1,9}}\s?)?(?:再|重新)(?:叫|催|提醒)(?:一?[遍次下])?{_END}"
    rf"|(?:收到|应答|叫应|回复|反馈)(?:的)?(?:情况|进度|进展)(?:怎么样|如何)?{_END}"
)
_STATE = Pattern(
    rf"{_NOW}(?:是)?(?:什么|啥)(?:情况|状况){_END}|{_NOW}(?:情况)?(?:怎么样|咋样|如何){_END}"
    rf"|{_NOW}(?:我)?(?:手上)?(?:还)?有(?:几件|多少|什么|啥|哪些)(?:事情?|活|任务|要办|没办|要处理|没处理|在办|待办)(?:的|的事情?)?{_END}"
    rf"|(?:我)?(?:下一步|接下来)?(?:该|要|应该)?(?:做|干|办)(?:什么|啥){_END}"
)
_POST = r"(?:带班|值班|副班|主班|值守)(?:领导|员|长)?"
_DUTY = Pattern(
    rf"(?P<day>.{{0,10}}?)(?:是)?(?:(?:谁|哪位|哪个)(?:来)?{_POST}|{_POST}(?:的)?是?(?:谁|哪位|哪个)){_END}"
)
_POST_PHONE = Pattern(rf"{_POST}(?:的)?(?:电话|手机)(?:号码?)?(?:是)?(?:多少)?{_END}")
_MINE = Pattern(
    rf"我(?:下次|下一次|下个班)?(?:是)?(?:什么时候|啥时候|几点|几号|哪天)(?:交班|值班|下班|接班|上班|有班|的班){_END}"
    rf"|我的?下(?:一)?个班(?:是)?(?:什么时候|啥时候|哪天|几号)?{_END}|(?:几点|什么时候)(?:交班|换班|接班|下班){_END}"
)
_PHONE = Pattern(
    r"(?:电话|号码)\s(?P<name>[一-龥A-Za-z\d]{2,14})|给(?P<to>[一-龥A-Za-z\d]{2,14}?)打个?电话|(?:查一?下?|找一?下?|问一?下?)?(?P<who>[一-龥A-Za-z\d]{2,14}?)(?:的|家)?(?:电话|手机|联系方式|号码)(?:号码?)?(?:是)?(?:多少|几号)?"
    rf"{_END}|(?P<unit>[一-龥\d]{{2,14}}?)(?:是|由|归)?(?:谁负责|谁管|责任人是?谁?|负责人是?谁?){_END}|谁负责(?P<of>[一-龥\d]{{2,14}}?){_END}"
)
_OTHERS = {
    "导入": Pattern(
        rf"(?:怎么|如何)导入(?:人员|值班表|表格?)?{_END}|导入表格{_END}|(?:人员|值班)?表?(?:格)?的?模板(?:发我|在哪|给我)?{_END}"
    ),
    "状态": Pattern(
        rf"(?:系统|机器人)?(?:运行|工作)?(?:正常|状态怎么样|有没有(?:报错|问题)){_END}|(?:今天|昨晚)?备份了{_END}"
    ),
    "导出": Pattern(rf"导出(?:人员|值班)?表?{_END}|(?:人员|值班)表(?:发我|导出){_END}"),
}
_LONGEST = 24
PHONE = "电话 "
"""What a question for a telephone number comes to, with the name or the unit behind it: no command of its own."""


def command_for(text: str) -> str | None:
    """Return the command, the number alone, or PHONE with a name, that shows what is asked; None where more is said.

    Every word must be one of asking: what tells anything is somebody's news and never taken for a question.
    """
    words = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip()
    if len(words) > _LONGEST:
        return None
    if found := _NUMBER.fullmatch(words):
        asked = _ABOUT.fullmatch(found["asked"]) and re.search(_ASKS, found["asked"])
        return found["number"].replace(" ", "").upper() if asked else None
    if _SILENT.fullmatch(words):
        return "叫应名单"
    if _MINE.fullmatch(words):
        return "我的班"
    if _STATE.fullmatch(words):
        return "待办"
    if _POST_PHONE.fullmatch(words):
        return "值班"
    if other := next((word for word, asked in _OTHERS.items() if asked.fullmatch(words)), None):
        return other
    if found := _DUTY.fullmatch(words):
        return f"值班 {found['day']}".strip()
    if found := _PHONE.fullmatch(words):
        return f"{PHONE}{found['name'] or found['to'] or found['who'] or found['unit'] or found['of']}"
    return None
