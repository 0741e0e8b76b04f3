"""Where it happened and who says so: place, source and contacts in a hurried line."""

import re
from dataclasses import dataclass

_NOT = r"(?!居民|反映|网格员|邻居|业主|家里|里面|我是|我们|他们|电话|说|打|有|的|着|了|被|发生|报|离|距|在|是|把|那|聚|冒|就|又|和|旁边|对面|从|到|让|给|向|接|出|现场|位置|地点|地址|请|及|封|造成|导致)"  # noqa: E501 - a pattern is read whole
_KIND = (
    r"(?:社区|小区|花园|家园|公寓|大厦|广场|商场|超市|酒店|饭店|饭馆|网吧|市场|小学|中学|大学|学校|幼儿园|医院|养老院|敬老院|车站|地铁站|地道|隧道|大桥|立交桥|桥|大道|公路|环线|高速|大街|胡同|"
    r"路口|路|街道|街|道|工地|工业园|园区|厂房|工厂|化工厂|化工|厂|公司|仓库|车间|水库|河|湖|村|镇|庄|里(?!面)|苑|园|湾|府|城|楼盘|加油站|泵站|公园|景区|山|区|号院)"
)
_NAME = rf"(?:{_NOT}[一-龥A-Za-z]){{1,9}}?"
_BASE = re.compile(rf"{_NAME}{_KIND}(?:(?:{_NOT}[一-龥A-Za-z]){{0,9}}?{_KIND}){{0,3}}")
_DETAIL = re.compile(
    r"\d+号?楼\s?\d*(?:门栋|门|单元)?\s?(?:\d+(?:室|层|楼)?)?(?:楼道|楼顶|电梯)?|\d+-\d+-\d+|\d+-\d+(?=室|号|门)|\d+(?:栋|幢|号院|排|组)\s?(?:\d+(?:单元|门|号|室))*|\d+号(?:院|门)?(?!\d|线)"
)
_NEAR = re.compile(
    r"(?:[东南西北正后侧大]门(?:口)?|门口|路口|附近|后身(?:那?条?(?:道路|路|街))?|地下车库|车库|楼顶|院内|院里|对面|旁边|交口|[东南西北]侧|里面)"
)
_LABEL = re.compile(r"(?:位置|地点|地址)(?:在|是|为|:)?\s?(?P<p>[^,。;\n]{2,30})")
_LEAD = re.compile(
    r"^(?:值班室|领导|您好|你好|报告|刚才|刚刚|刚|今天|今早|今晚|昨晚|早上|上午|中午|下午|晚上|凌晨|夜里|我是|我们|咱们|咱|俺|有|在|位于|就在|从|于|接|据|辖区|那个|大约|半多?|许|左右|多|分|点|时|发现|的|映|称|现有)+"
)
_TIME = re.compile(
    r"(?:\d{1,3}|半|十?几|[一二三四五六七八九十两]+)(?:多|来)?个?半?多?(?:分钟|小时|钟头|刻钟)(?:以|之)?前|\d{1,4}年|\d{1,2}月|\d{1,2}日|(?<=月)\d{1,2}号|\d{1,2}(?:时|点|:)(?:\d{1,2}分?|半)?(?:许|左右|多)?|[一二三四五六七八九十两]+点半?多?"
)
_WHO = r"网格员|网格长|居民|邻居|群众|路人|业主|家长群|家长|业主群|物业|书记|主任|保安|信息员|信息报告员|志愿者|校长|老师|司机|店主|12345|110指挥中心|119指挥中心|110|119|派出所|消防|企业|厂里|村民|村干部|村委会|居委会"  # noqa: E501 - a pattern is read whole
_SAYS = r"(?:刚|刚才|已|又|也|先)?(?:来|给.{0,4})?(?:打电话|打来|来电|电话|报|说|反映|上报|发现|闻到|看到|听到|群里|传|发消息|告诉|转来|里先传)"  # noqa: E501 - a pattern is read whole
_SOURCE = re.compile(
    rf"(?:我是(?P<self>[一-龥\d]{{0,12}}?(?:{_WHO})(?:[小老][一-龥])?))|(?P<who>(?:(?:{_NAME})(?:社区|村|小区|里|学校|小学|公司|厂))?(?:第?[\d一二三四五六七八九十]+网格)?(?:{_WHO})(?:[小老][一-龥])?)(?=[^,。;\n]{{0,8}}?{_SAYS})"
)
_PHONE = re.compile(r"(?<!\d)(?:1[3-9]\d[ -]?\d{4}[ -]?\d{4}|0\d{2,3}[- ]?\d{7,8})(?!\d)")
_TITLES = re.compile(
    r"(?:联系人|联系电话|联系方式|负责人|报告人|项目|现场|社区|电话|手机号?|号码|书记|主任|经理|网格员|值班员|站长|队长|村长|物业|师傅|他的|我的|是|叫|:|\s|\()+"
)


@dataclass(frozen=True, slots=True)
class Contact:
    """A phone as said, with the name standing before it (None when none does)."""

    name: str | None
    phone: str


def _tidy(text: str) -> str:
    return _LEAD.sub("", text.strip(" ,:。;"))


def read_place(text: str) -> str | None:
    """Return the place as typed: a named place with its house or gate; None when none is named."""
    label = _LABEL.search(text)
    if label and "不" not in label["p"]:
        return label["p"].strip()
    spaced = _TIME.sub(lambda m: "," * len(m.group()), text)
    for match in _BASE.finditer(spaced):
        if re.search(
            r"(?:离|距离?|靠近|送|送往|去|通知|联系)\s?$", spaced[max(match.start() - 4, 0) : match.start()]
        ):
            continue
        name = _tidy(match.group())
        if re.match(r"离|距", name) or len(name) < 2 or name in {"街道", "辖区", "我区", "全区"}:  # noqa: PLR2004 - one character names no place
            continue
        return name + _details(spaced, match.end())
    house = _DETAIL.search(spaced)
    return house.group().strip() if house else None


def _details(text: str, at: int) -> str:
    """Return house, gate and nearness: right after the name, or the sentence's first house number."""
    out = ""
    while found := (_DETAIL.match(text, at) or _NEAR.match(text, at)):
        out, at = out + found.group(), found.end()
    if out:
        return out
    end = text.find("。", at)
    later = _DETAIL.search(text, at, end if end >= 0 else len(text))
    return later.group() if later and re.search(r"[楼栋幢]", later.group()) else ""


def read_source(text: str) -> str | None:
    """Return who gave the news as typed, None when nobody is named."""
    match = _SOURCE.search(text)
    if match is None:
        return None
    return _tidy(match["self"] or match["who"] or "") or None


def read_contacts(text: str) -> tuple[Contact, ...]:
    """Return every phone number with the name before it."""
    out: list[Contact] = []
    for match in _PHONE.finditer(text):
        before = re.split(r"[,。;\n]|\d", text[max(match.start() - 16, 0) : match.start()])[-1]
        words = [w for w in _TITLES.sub(" ", before).split() if re.fullmatch(r"[一-龥]{2,4}", w)]
        phone = re.sub(r"[ -]", "", match.group()) if match.group().startswith("1") else match.group()
        out.append(Contact(words[-1] if words else None, phone))
    return tuple(dict.fromkeys(out))
