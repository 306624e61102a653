"""A whole brief with invented values: six parts, tables, charts, a map, an annex, and the closing block."""

from __future__ import annotations

from datetime import date

from jineng.engines.documents import charts, tilemap
from jineng.engines.documents.tree import (
    Block,
    Chart,
    Definition,
    Definitions,
    Distribution,
    Document,
    Figure,
    Heading,
    Held,
    Inline,
    Link,
    Paragraph,
    Strong,
    Table,
    Text,
    TileMap,
    numbered,
)


def figure(key: str, phrase: str, exact: str = "") -> Figure:
    return Figure(key, phrase, f"/briefs/2021/figures/{key}/", exact or phrase, f"{exact or phrase}，查看定义与记录")


def words(*parts: str | Inline) -> Paragraph:
    return Paragraph(tuple(Text(part) if isinstance(part, str) else part for part in parts))


def certificates() -> Chart:
    marks = [
        charts.Mark(year, value, series, f"/briefs/2021/figures/{key}/?year={year}")
        for series, key, values in (
            ("参加考核", "candidates", (6120, 14380, 26013)),
            ("取得证书", "holders", (2210, 5904, 10248)),
        )
        for year, value in zip(("2019", "2020", "2021"), values, strict=True)
    ]
    return Chart(
        "考核与取证人数（人）",
        charts.line(marks, unit="人"),
        "2019 至 2021 年，参加考核的学生由 6120 人增至 26013 人，取得证书的由 2210 人增至 10248 人。",
        charts.data_table("考核与取证人数", marks, heading="年份", unit="人"),
        (Link("查看考核记录", "/briefs/2021/figures/candidates/"),),
    )


def studios() -> Chart:
    marks = [
        charts.Mark(name, value, href=f"/calls/{number}/")
        for number, (name, value) in enumerate(
            [
                ("技艺技能传承创新工作室", 57),
                ("名班主任工作室", 28),
                ("名师工作室", 22),
                ("民间艺人工作室", 19),
            ]
        )
    ]
    return Chart(
        "全年新立项工作室（个）",
        charts.bar(marks, unit="个"),
        "技艺技能传承创新工作室最多。",
        charts.data_table("全年新立项工作室", marks, heading="类别", unit="个"),
    )


def institutions() -> Chart:
    marks = [
        charts.Mark(batch, value, kind)
        for batch, values in (("第一批", (5, 12, 20)), ("第二批", (4, 9, 31)), ("第三批", (6, 8, 37)))
        for kind, value in zip(("本科", "高职", "中职"), values, strict=True)
    ]
    return Chart(
        "各批次试点院校构成（所）",
        charts.stacked(marks, unit="所"),
        "中职学校逐批增多。",
        charts.data_table("各批次试点院校构成", marks, heading="批次", unit="所"),
    )


def training() -> TileMap:
    values = dict(
        zip(
            [tile.code for tile in tilemap.gansu().tiles],
            [8120, 940, 6033, 1505, 9877, 5210, 21430, 4028, 7756, 2218, 6650, 5904, 7315],
            strict=False,
        )
    )
    return TileMap("各市州职业培训人次", values, "人次", "/briefs/2021/figures/training/?division={code}")


def body() -> tuple[Block, ...]:
    return numbered(
        [
            Heading(1, "整体格局"),
            words(
                "全省职业教育一年来以扩大供给、优化结构为主线，学校与专业布局同步调整。新组建职业本科学校",
                figure("universities", "2所"),
                "，当年招收本科生",
                figure("bachelor", "1580人", "1580"),
                "，中等职业教育、高等职业专科教育、职业本科教育由此在省内贯通，学生升学与就业的路径都更宽了。",
            ),
            Heading(2, "学校与学生"),
            words("各类学校按隶属关系与所在地分别统计，口径见附件。", Strong("两种口径的合计一致"), "。"),
            Table(
                "职业院校数（所）",
                ("类别", "上年", "本年", "增减"),
                (
                    ("职业本科学校", "0", (figure("universities", "2"),), "+2"),
                    ("高等职业学校", "28", "26", "-2"),
                    ("中等职业学校", "214", "209", "-5"),
                    ("县级职教中心", "61", "61", "0"),
                ),
            ),
            Heading(1, "产教融合"),
            Heading(2, "试点企业"),
            words(
                "首批遴选产教融合试点企业",
                figure("enterprises", "42家", "42"),
                "，其中",
                figure("enterprises_national", "1家", "1"),
                "入围国家建设单位；省级职教集团",
                figure("groups", "31个", "31"),
                "，产业学院",
                figure("industry_colleges", "57个", "57"),
                "。园区一期投资",
                figure("park", "13.6亿元", "1360000000"),
                "，已交付使用。",
            ),
            Heading(3, "做法"),
            words("企业出题、学校解题、政府助题，岗位标准进入课程，设备与师傅进入课堂。"),
            Heading(4, "需要注意的情形"),
            words("同一企业由多级推荐的，只计一次；认定以公布文件的日期为准。"),
            studios(),
            Heading(1, "育人质量"),
            Heading(2, "证书试点"),
            words(
                "本年度证书试点分",
                figure("batches", "4批"),
                "推进，参与院校",
                figure("institutions", "132所"),
                "。参加考核的学生",
                figure("candidates", "2.6万名", "26013"),
                "，",
                figure("holders", "1万余名", "10248"),
                "已取得证书。",
                Held("通过率连年提高", "校验：2021 年 39.4% ＜ 2020 年 41.1%。"),
            ),
            certificates(),
            institutions(),
            Heading(2, "专业布局"),
            words(
                "高职院校专业覆盖",
                figure("categories", "19个", "19"),
                "大类，专业",
                figure("majors", "371个", "371"),
                "、专业点",
                figure("offerings", "1168个", "1168"),
                "，全年增设",
                figure("added", "79个", "79"),
                "，撤销",
                figure("revoked", "138个", "138"),
                "，布点向装备制造、文化旅游、现代农业等方向集中。",
            ),
            Heading(1, "服务发展"),
            words(
                "完成各类职业培训",
                figure("training", "8.8万人次", "88013"),
                "，其中涉农",
                figure("training_rural", "3.24万人次", "32411"),
                "；高职扩招",
                figure("expansion", "1.76万人", "17603"),
                "。",
            ),
            Held("涉农培训占比提高", "校验：2021 年占比 36.8% ＜ 2020 年占比 37.1%。"),
            training(),
            Heading(1, "对外交流"),
            words(
                "与共建国家的院校合作办学、互派师生，开展中医药培训的学员",
                figure("medicine", "近700名", "693"),
                "，文化培训",
                figure("culture", "240多人次", "243"),
                "。",
            ),
            Heading(1, "发展环境"),
            words("绩效工资、岗位设置、人员聘用等自主权逐项落实，详见", Link("政策清单", "/governance/"), "。"),
        ]
    )


def definitions() -> Definitions:
    rows = [
        ("universities", "职业本科学校", "2", "所", "时点", "年末在册、当年新设或更名的职业本科学校。"),
        ("bachelor", "职业本科招生", "1580", "人", "时期", "当年确认录取到职业本科专业的学生。"),
        ("enterprises", "产教融合试点企业", "42", "家", "时期", "首批遴选中公布的企业，同一企业只计一次。"),
        ("enterprises_national", "国家建设单位", "1", "家", "时点", "上述企业中在国家层面认定的。"),
        ("groups", "省级职教集团", "31", "个", "时点", "年末在册的省级职业教育集团。"),
        ("industry_colleges", "产业学院", "57", "个", "时点", "年末在册的产业学院（企业学院）。"),
        ("park", "园区一期投资", "1360000000", "元", "累计", "园区一期竣工决算入账的投资。"),
        ("batches", "试点批次", "4", "批", "累计", "截至年末公布的批次。"),
        ("institutions", "试点院校", "132", "所", "累计", "各批次合计的不同院校。"),
        (
            "candidates",
            "参加考核的学生",
            "26013",
            "人",
            "累计",
            "截至年末至少参加过一次职业技能等级考核的不同学生；同一人多次参加只计一次。",
        ),
        ("holders", "取得证书的学生", "10248", "人", "时点", "年末至少持有一张有效证书的不同学生。"),
        ("categories", "专业大类", "19", "个", "时点", "至少有一个在办专业的专业大类。"),
        ("majors", "专业", "371", "个", "时点", "高职院校在办的不同专业。"),
        ("offerings", "专业点", "1168", "个", "时点", "年末在办的院校与专业之对，不论学制。"),
        ("added", "增设专业点", "79", "个", "时期", "当年新出现的院校与专业之对。"),
        ("revoked", "撤销专业点", "138", "个", "时期", "当年消失的院校与专业之对。"),
        (
            "training",
            "职业培训",
            "88013",
            "人次",
            "时期",
            "当年在职业院校办结的培训报名，县级职教中心计入，国际项目另列。",
        ),
        ("training_rural", "涉农培训", "32411", "人次", "时期", "上述培训中的涉农领域。"),
        ("expansion", "高职扩招", "17603", "人", "时期", "当年在扩招计划下确认录取的学生。"),
        ("medicine", "中医药培训学员", "693", "名", "时期", "参加中医药培训的不同人员。"),
        ("culture", "文化培训", "243", "人次", "时期", "中华传统文化培训的人次。"),
    ]
    return Definitions(
        tuple(
            Definition(key, label, value, definition, unit, over) for key, label, value, unit, over, definition in rows
        )
    )


def sample() -> Document:
    return Document(
        masthead="职业教育简报",
        issue="第4期",
        issuer="甘肃省职业教育工作联席会议办公室",
        date=date(2022, 1, 18),
        title="二〇二一年全省职业教育发展情况",
        summary="本期汇总全省职业教育一年来的进展，数字均由登记记录计算得出，定义见附件。",
        blocks=body(),
        annex=(
            Heading(1, "指标与定义"),
            definitions(),
        ),
        annex_title="数字说明",
        distribution=Distribution(
            report_to=("省委办公厅", "省政府办公厅"),
            send_to=(
                "省发展改革委",
                "省财政厅",
                "省人力资源社会保障厅",
                "省工业和信息化厅",
                "省农业农村厅",
                "省乡村振兴局",
            ),
            copy_to=("各市州人民政府",),
            distribute_to=("各市州教育局", "各高等职业学校", "省属中等职业学校"),
            printed_by="甘肃省教育厅办公室",
            printed_on=date(2022, 1, 20),
        ),
    )
